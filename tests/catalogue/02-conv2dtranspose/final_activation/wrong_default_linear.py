"""Answers `linear` for a task that it does not know.

Written from: the task text.
Told: no-error
"""


def final_activation(task):
    names = {
        "binary-mask": "sigmoid",
        "multi-class-mask": "softmax",
        "image-in-0-1": "sigmoid",
        "image-in-minus1-1": "tanh",
        "regression": "linear",
    }
    return names.get(task, "linear")
