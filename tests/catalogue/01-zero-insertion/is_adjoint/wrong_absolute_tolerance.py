"""Compares with a fixed tolerance.

Written from: the task text.
Told: absolute-tolerance
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    return bool(abs(np.sum(forward(x) * y) - np.sum(x * backward(y))) < 1e-6)
