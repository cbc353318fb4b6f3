"""Compares the two numbers with ==.

Written from: the task text.
Told: exactly-equal
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    return np.sum(forward(x) * y) == np.sum(x * backward(y))
