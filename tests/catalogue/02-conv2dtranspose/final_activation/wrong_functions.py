"""Returns Keras' functions instead of their names.

Written from: the task text.
Told: not-a-name
"""

import keras


def final_activation(task):
    activations = {
        "binary-mask": keras.activations.sigmoid,
        "multi-class-mask": keras.activations.softmax,
        "image-in-0-1": keras.activations.sigmoid,
        "image-in-minus1-1": keras.activations.tanh,
        "regression": keras.activations.linear,
    }
    if task not in activations:
        raise ValueError(f"unknown task: {task!r}")
    return activations[task]
