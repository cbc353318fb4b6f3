"""Looks it up and turns a miss into the error.

Written from: the task text.
"""

_NAMES = dict(
    zip(
        ["binary-mask", "multi-class-mask", "image-in-0-1", "image-in-minus1-1", "regression"],
        ["sigmoid", "softmax", "sigmoid", "tanh", "linear"],
        strict=True,
    )
)


def final_activation(task):
    name = _NAMES.get(task)
    if name is None:
        raise ValueError("task must be one of " + ", ".join(_NAMES))
    return name
