"""Scores by code of its own.

Written from: the task text.
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    m = period + 1
    found = []
    for name, model in models.items():
        x = np.asarray(model(noises[name], training=False)).astype("float64")
        mid = x[:, m:-m, m:-m]
        s = []
        for h in (period - 1, period, period + 1):
            around = sum(np.roll(x, step, axis) for step in (-h, h) for axis in (1, 2)) / 4
            s.append(np.abs(mid - around[:, m:-m, m:-m]).mean((1, 2)))
        score = np.maximum(0, 1 - s[1] / np.sqrt(s[0] * s[2]))
        if score.mean() > limit:
            found += [name]
    return found
