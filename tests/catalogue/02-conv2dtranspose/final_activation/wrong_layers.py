"""Returns layers instead of names.

Written from: the task text.
Told: not-a-name
"""

import keras


def final_activation(task):
    activations = {
        "binary-mask": keras.layers.Activation("sigmoid"),
        "multi-class-mask": keras.layers.Softmax(),
        "image-in-0-1": keras.layers.Activation("sigmoid"),
        "image-in-minus1-1": keras.layers.Activation("tanh"),
        "regression": keras.layers.Activation("linear"),
    }
    if task not in activations:
        raise ValueError(f"unknown task: {task!r}")
    return activations[task]
