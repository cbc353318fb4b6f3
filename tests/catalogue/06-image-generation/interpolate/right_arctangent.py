"""The angle by arctan2; weights chosen first.

Written from: the task text.
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps <= 1:
        raise ValueError(f"bad steps: {steps}")
    shares = np.linspace(0.0, 1.0, steps)
    first, last = 1 - shares, shares
    lengths = np.linalg.norm([z0, z1], axis=1)
    if lengths.all():
        u, v = z0.astype("float64") / lengths[0], z1.astype("float64") / lengths[1]
        angle = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
        if 1e-4 < angle < np.pi - 1e-4:
            first = np.sin(first * angle) / np.sin(angle)
            last = np.sin(last * angle) / np.sin(angle)
    return np.outer(first, z0) + np.outer(last, z1)
