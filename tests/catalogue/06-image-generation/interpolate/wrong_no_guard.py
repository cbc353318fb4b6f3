"""Divides by sin(w) even where it is 0.

Written from: the task text.
Told: not-finite
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps must be at least 2")
    t = np.linspace(0, 1, steps)[:, None]
    w = np.arccos(np.clip(z0 @ z1 / (np.linalg.norm(z0) * np.linalg.norm(z1)), -1, 1))
    return (np.sin((1 - t) * w) * z0 + np.sin(t * w) * z1) / np.sin(w)
