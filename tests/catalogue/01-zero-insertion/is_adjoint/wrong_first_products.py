"""Compares the first products only.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
    there, back = forward(x), backward(y)
    norm = np.linalg.norm
    scale = norm(there) * norm(y) + norm(x) * norm(back)
    first = there.flat[0] * y.flat[0] - x.flat[0] * back.flat[0]
    return bool(abs(first) <= 1e-6 * scale)
