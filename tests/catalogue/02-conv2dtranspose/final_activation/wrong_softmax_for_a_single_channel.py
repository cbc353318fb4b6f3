"""Takes a softmax for every mask.

Written from: the task text.
Told: softmax-of-one
"""

ACTIVATIONS = {
    "binary-mask": "softmax",
    "multi-class-mask": "softmax",
    "image-in-0-1": "sigmoid",
    "image-in-minus1-1": "tanh",
    "regression": "linear",
}


def final_activation(task):
    if task not in ACTIVATIONS:
        raise ValueError(f"unknown task: {task}")
    return ACTIVATIONS[task]
