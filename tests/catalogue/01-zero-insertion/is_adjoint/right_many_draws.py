"""Draws ten pairs and asks that all of them agree.

Written from: the task text.
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    for _ in range(10):
        y, x = rng.standard_normal(output_shape), rng.standard_normal(input_shape)
        there, back = forward(x), backward(y)
        left, right = np.vdot(there, y), np.vdot(x, back)
        lengths = [np.sqrt(np.vdot(a, a)) for a in (there, y, x, back)]
        if abs(left - right) > 1e-6 * (lengths[0] * lengths[1] + lengths[2] * lengths[3]):
            return False
    return True
