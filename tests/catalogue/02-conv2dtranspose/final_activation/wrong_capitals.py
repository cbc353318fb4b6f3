"""Capitalizes the names.

Written from: the task text.
Told: upper-case
"""


def final_activation(task):
    activations = {
        "binary-mask": "Sigmoid",
        "multi-class-mask": "Softmax",
        "image-in-0-1": "Sigmoid",
        "image-in-minus1-1": "Tanh",
        "regression": "Linear",
    }
    if task not in activations:
        raise ValueError(f"unknown task: {task!r}")
    return activations[task]
