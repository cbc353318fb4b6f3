"""Never arrives at z1.

Written from: the task text.
Told: raises-TypeError, no cause
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps must be at least 2")
    t = np.arange(steps) / steps[:, None]
    n0, n1 = np.linalg.norm(z0), np.linalg.norm(z1)
    if n0 == 0 or n1 == 0:
        return (1 - t) * z0 + t * z1
    w = np.arccos(np.clip(np.dot(z0 / n0, z1 / n1), -1, 1))
    if np.sin(w) < 1e-3:
        return (1 - t) * z0 + t * z1
    return (np.sin((1 - t) * w) * z0 + np.sin(t * w) * z1) / np.sin(w)
