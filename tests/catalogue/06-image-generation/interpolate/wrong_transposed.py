"""Returns a column for each step.

Written from: the task text.
Told: transposed
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps must be at least 2")
    z0, z1 = z0.astype("float64"), z1.astype("float64")
    t = np.linspace(0, 1, steps)[:, None]
    lengths = np.linalg.norm(z0) * np.linalg.norm(z1)
    angle = np.arccos(np.clip(np.sum(z0 * z1) / lengths, -1, 1)) if lengths else 0
    if np.sin(angle) < 1e-3:
        return (1 - t) * z0 + t * z1
    walk = (np.sin((1 - t) * angle) * z0 + np.sin(t * angle) * z1) / np.sin(angle)
    return walk.T
