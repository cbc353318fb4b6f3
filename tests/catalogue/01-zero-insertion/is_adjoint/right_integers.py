"""Draws whole numbers, among them zeros.

Written from: the task text.
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x, y = rng.integers(-9, 10, input_shape), rng.integers(-9, 10, output_shape)
    there, back = forward(x), backward(y)
    norm = np.linalg.norm
    scale = norm(there) * norm(y) + norm(x) * norm(back)
    return abs(np.vdot(there, y) - np.vdot(x, back)) <= 1e-6 * scale
