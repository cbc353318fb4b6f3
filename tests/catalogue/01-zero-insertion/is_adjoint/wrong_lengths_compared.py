"""Compares the lengths of the two results.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    there, back = np.sqrt(np.sum(forward(x) ** 2)), np.sqrt(np.sum(backward(y) ** 2))
    return bool(abs(there - back) <= 1e-6 * (there + back))
