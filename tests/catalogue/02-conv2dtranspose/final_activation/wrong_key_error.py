"""Lets the dictionary raise, which is a KeyError.

Written from: the task text.
Told: raises-KeyError, no cause
"""


def final_activation(task):
    names = {
        "binary-mask": "sigmoid",
        "multi-class-mask": "softmax",
        "image-in-0-1": "sigmoid",
        "image-in-minus1-1": "tanh",
        "regression": "linear",
    }
    return names[task]
