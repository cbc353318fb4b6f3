"""Takes what forward gives for the second input.

Written from: the task text.
Told: drawn-from-a-map
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = forward(x)
    there, back = y, backward(y)
    norm = np.linalg.norm
    scale = norm(there) * norm(y) + norm(x) * norm(back)
    return bool(abs(np.sum(there * y) - np.sum(x * back)) <= 1e-6 * scale)
