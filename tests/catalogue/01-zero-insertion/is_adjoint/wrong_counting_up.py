"""Tries arrays that count up.

Written from: the task text.
Told: not-random
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = np.arange(np.prod(input_shape), dtype=float).reshape(input_shape)
    y = np.arange(np.prod(output_shape), dtype=float).reshape(output_shape)
    there, back = forward(x), backward(y)
    scale = np.sqrt(np.sum(there**2) * np.sum(y**2)) + np.sqrt(np.sum(x**2) * np.sum(back**2))
    return bool(abs(np.sum(there * y) - np.sum(x * back)) <= 1e-6 * scale)
