"""Returns both numbers.

Written from: the task text.
Told: not-a-bool
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = rng.normal(size=input_shape)
    y = rng.normal(size=output_shape)
    return float(np.sum(forward(x) * y)), float(np.sum(x * backward(y)))
