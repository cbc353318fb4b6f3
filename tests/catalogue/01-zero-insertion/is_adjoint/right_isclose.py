"""Calls np.isclose without its absolute tolerance, on three draws.

Written from: the task text.
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    agree = []
    for _ in range(3):
        x, y = rng.normal(0, 1, input_shape), rng.normal(0, 1, output_shape)
        left, right = (forward(x) * y).sum(), (x * backward(y)).sum()
        agree.append(np.isclose(left, right, rtol=1e-6, atol=0))
    return np.array(all(agree))
