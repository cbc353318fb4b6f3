"""Builds both matrices from basis arrays and compares one with the transpose of the other.

Written from: the task text.
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    def matrix(function, shape):
        size = int(np.prod(shape))
        return np.stack([function(unit.reshape(shape)).ravel() for unit in np.eye(size)], axis=1)

    there, back = matrix(forward, input_shape), matrix(backward, output_shape)
    size = np.abs(there).max() + np.abs(back).max()
    return bool(np.abs(there - back.T).max() <= 1e-6 * size)
