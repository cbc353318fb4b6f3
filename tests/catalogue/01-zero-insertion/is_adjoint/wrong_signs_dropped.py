"""Compares the sizes of the two numbers.

Written from: the task text.
Told: sign-dropped
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    there, back = forward(x), backward(y)
    scale = np.sqrt(np.sum(there**2) * np.sum(y**2)) + np.sqrt(np.sum(x**2) * np.sum(back**2))
    return bool(abs(abs(np.sum(there * y)) - abs(np.sum(x * back))) <= 1e-6 * scale)
