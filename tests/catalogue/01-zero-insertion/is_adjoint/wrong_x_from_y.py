"""Takes what backward gives for the first input.

Written from: the task text.
Told: drawn-from-a-map
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    y = rng.normal(size=output_shape)
    x = backward(y)
    there, back = forward(x), x
    norm = np.linalg.norm
    scale = norm(there) * norm(y) + norm(x) * norm(back)
    return bool(abs(np.sum(there * y) - np.sum(x * back)) <= 1e-6 * scale)
