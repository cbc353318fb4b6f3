"""Takes tanh for every image.

Written from: the task text.
Told: below-0
"""

ACTIVATIONS = {
    "binary-mask": "sigmoid",
    "multi-class-mask": "softmax",
    "image-in-0-1": "tanh",
    "image-in-minus1-1": "tanh",
    "regression": "linear",
}


def final_activation(task):
    if task not in ACTIVATIONS:
        raise ValueError(f"unknown task: {task}")
    return ACTIVATIONS[task]
