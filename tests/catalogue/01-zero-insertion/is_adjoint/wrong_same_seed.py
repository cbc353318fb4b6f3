"""Draws x and y with the same seed, so they are equal where their shapes are.

Written from: the task text.
Told: same-input
"""

import numpy as np


def is_adjoint(forward, backward, input_shape, output_shape, rng):
    x = np.random.default_rng(0).normal(size=input_shape)
    y = np.random.default_rng(0).normal(size=output_shape)
    there, back = forward(x), backward(y)
    scale = np.sqrt(np.sum(there**2) * np.sum(y**2)) + np.sqrt(np.sum(x**2) * np.sum(back**2))
    return bool(abs(np.sum(there * y) - np.sum(x * back)) <= 1e-6 * scale)
