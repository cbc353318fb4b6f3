"""Takes a sigmoid for every image.

Written from: the task text.
Told: not-below-0
"""

ACTIVATIONS = {
    "binary-mask": "sigmoid",
    "multi-class-mask": "softmax",
    "image-in-0-1": "sigmoid",
    "image-in-minus1-1": "sigmoid",
    "regression": "linear",
}


def final_activation(task):
    if task not in ACTIVATIONS:
        raise ValueError(f"unknown task: {task}")
    return ACTIVATIONS[task]
