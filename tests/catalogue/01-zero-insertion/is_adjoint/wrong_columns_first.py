"""Unrolls one array row by row and the other column by column.

Written from: the task text.
Told: one-axis-only
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    left = forward(x).ravel() @ y.ravel(order="F")
    right = x.ravel() @ backward(y).ravel(order="F")
    return bool(np.isclose(left, right, rtol=1e-6, atol=0))
