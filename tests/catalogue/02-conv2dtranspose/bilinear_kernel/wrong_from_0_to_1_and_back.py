"""Joins two linspaces, from 0 to 1 and back.

Written from: the task text.
Told: zero-ends
"""

import numpy as np


def bilinear_kernel(factor, channels):
    rise = np.linspace(0, 1, factor)
    tent = np.concatenate([rise, rise[::-1][factor % 2 :]])
    return (np.outer(tent, tent)[:, :, None, None] * np.eye(channels)).astype("float32")
