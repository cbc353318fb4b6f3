"""Raises another exception for what is no text.

Written from: the task text.
Told: raises-TypeError, no cause
"""

NAMES = {
    "binary-mask": "sigmoid",
    "multi-class-mask": "softmax",
    "image-in-0-1": "sigmoid",
    "image-in-minus1-1": "tanh",
    "regression": "linear",
}


def final_activation(task):
    if not isinstance(task, str):
        raise TypeError("task must be a string")
    if task not in NAMES:
        raise ValueError(f"unknown task {task!r}")
    return NAMES[task]
