"""Walks straight.

Written from: the task text.
Told: straight
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps must be at least 2")
    return np.linspace(z0, z1, steps)
