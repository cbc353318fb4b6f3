"""Rolls the image and keeps its border.

Written from: the task text.
Told: wrapped
"""

import numpy as np


def grid_score(image, stride):
    m = stride + 1
    H, W = image.shape[:2]
    if min(H, W) < 2 * m + 1:
        raise ValueError("the image is too small")
    x = np.asarray(image, "float64").reshape(H, W, -1)

    def surprise(h):
        neighbors = sum(np.roll(x, step, axis) for step in (h, -h) for axis in (0, 1))
        return np.abs(x - neighbors / 4).mean(axis=(0, 1))

    around = np.sqrt(surprise(stride - 1) * surprise(stride + 1))
    plain = around <= 1e-5 * np.abs(x).max(axis=(0, 1))
    score = np.maximum(0, 1 - surprise(stride) / np.where(plain, 1, around))
    return float(np.mean(np.where(plain, 0, score)))
