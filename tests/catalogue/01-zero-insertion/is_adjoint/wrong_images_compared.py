"""Compares the two results themselves, whose shapes differ.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    return bool(np.allclose(forward(x), backward(y)))
