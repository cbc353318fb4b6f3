"""Rolls the image and cuts the margin off afterwards.

Written from: the task text.
"""

import numpy as np


def grid_score(image, stride):
    x = np.atleast_3d(np.asarray(image, dtype=float))
    m = stride + 1
    if min(x.shape[:2]) < 2 * m + 1:
        raise ValueError(f"stride {stride} is too large")

    def surprise(h):
        neighbors = sum(np.roll(x, step, axis) for step in (h, -h) for axis in (0, 1)) / 4
        return np.abs(x - neighbors)[m:-m, m:-m].mean((0, 1))

    near, here, far = map(surprise, (stride - 1, stride, stride + 1))
    around = np.sqrt(near * far)
    score = np.zeros_like(around)
    busy = around > 1e-5 * np.abs(x).max((0, 1))
    score[busy] = np.clip(1 - here[busy] / around[busy], 0, None)
    return score.mean()
