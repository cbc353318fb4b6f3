"""Raises a ValueError whose message does not say which parameter is wrong.

Written from: the task text.
Told: error-names-no-parameter
"""


def final_activation(task):
    names = {
        "binary-mask": "sigmoid",
        "multi-class-mask": "softmax",
        "image-in-0-1": "sigmoid",
        "image-in-minus1-1": "tanh",
        "regression": "linear",
    }
    if task not in names:
        raise ValueError("unknown output")
    return names[task]
