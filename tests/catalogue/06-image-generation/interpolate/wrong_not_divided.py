"""Forgets to divide by sin(w).

Written from: the task text.
Told: no-division
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps must be at least 2")
    z0, z1 = np.asarray(z0, "float64"), np.asarray(z1, "float64")
    t = np.linspace(0, 1, steps)[:, None]
    lengths = np.linalg.norm(z0) * np.linalg.norm(z1)
    w = np.arccos(np.clip(z0 @ z1 / lengths, -1, 1)) if lengths > 0 else 0.0
    if np.sin(w) < 1e-4:
        return z0 + t * (z1 - z0)
    return np.sin((1 - t) * w) * z0 + np.sin(t * w) * z1
