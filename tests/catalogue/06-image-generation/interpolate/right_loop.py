"""Step by step, in plain Python.

Written from: the task text.
"""

import numpy as np


def interpolate(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps must be at least 2")
    a, b = z0.astype(float), z1.astype(float)
    norms = np.sqrt(a.dot(a)) * np.sqrt(b.dot(b))
    cosine = a.dot(b) / norms if norms > 0 else 1.0
    straight = abs(cosine) > 1 - 1e-6
    w = 0.0 if straight else np.arccos(cosine)
    rows = []
    for i in range(steps):
        t = i / (steps - 1)
        if straight:
            rows.append(a + t * (b - a))
        else:
            rows.append((np.sin((1 - t) * w) * a + np.sin(t * w) * b) / np.sin(w))
    return np.stack(rows)
