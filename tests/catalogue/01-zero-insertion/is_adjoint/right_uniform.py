"""Draws from 0 to 1 and unrolls everything first; the result is a NumPy bool.

Written from: the task text.
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x, y = rng.random(input_shape), rng.uniform(size=output_shape)
    fx, by = np.ravel(forward(x)), np.ravel(backward(y))
    x, y = x.ravel(), y.ravel()
    norm = np.linalg.norm
    return np.abs(fx @ y - x @ by) <= 1e-6 * (norm(fx) * norm(y) + norm(x) * norm(by))
