"""Multiplies all four norms.

Written from: the task text.
Told: norms-squared
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
    there, back = forward(x), backward(y)
    norm = np.linalg.norm
    scale = norm(there) * norm(y) * norm(x) * norm(back)
    return bool(abs(np.sum(there * y) - np.sum(x * back)) <= 1e-6 * scale)
