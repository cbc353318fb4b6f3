"""Asks whether the way back undoes the way there.

Written from: the task text.
Told: tests-the-inverse
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    return bool(np.allclose(backward(forward(x)), x))
