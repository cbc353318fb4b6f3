"""Compares the largest products only.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
    there, back = forward(x), backward(y)
    norm = np.linalg.norm
    scale = norm(there) * norm(y) + norm(x) * norm(back)
    return bool(abs(np.max(there * y) - np.max(x * back)) <= 1e-6 * scale)
