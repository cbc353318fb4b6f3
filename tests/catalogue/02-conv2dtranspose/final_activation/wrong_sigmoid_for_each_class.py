"""Takes a sigmoid for every mask.

Written from: the task text.
Told: classes-alone
"""

ACTIVATIONS = {
    "binary-mask": "sigmoid",
    "multi-class-mask": "sigmoid",
    "image-in-0-1": "sigmoid",
    "image-in-minus1-1": "tanh",
    "regression": "linear",
}


def final_activation(task):
    if task not in ACTIVATIONS:
        raise ValueError(f"unknown task: {task}")
    return ACTIVATIONS[task]
