"""Asks Keras' functions for their names.

Written from: the task text.
"""

import keras


def final_activation(task):
    tasks = ["binary-mask", "multi-class-mask", "image-in-0-1", "image-in-minus1-1", "regression"]
    names = ["sigmoid", "softmax", "sigmoid", "tanh", "linear"]
    try:
        return keras.activations.get(names[tasks.index(task)]).__name__
    except ValueError:
        raise ValueError(f"no such task: {task}") from None
