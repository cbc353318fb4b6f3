"""Multiplies sums instead of summing products.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
    there, back = forward(x), backward(y)
    norm = np.linalg.norm
    scale = norm(there) * norm(y) + norm(x) * norm(back)
    difference = there.sum() * y.sum() - x.sum() * back.sum()
    return bool(abs(difference) <= 1e-6 * scale)
