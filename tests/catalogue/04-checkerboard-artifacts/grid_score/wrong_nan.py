"""Divides by zero where all is plain.

Written from: the task text.
Told: zero-over-zero
"""

import numpy as np


def grid_score(image, stride):
    m = stride + 1
    H, W = image.shape[:2]
    if min(H, W) < 2 * m + 1:
        raise ValueError("the image is too small")
    x = np.asarray(image, "float64").reshape(H, W, -1)

    def shifted(down, right):
        return x[m + down : H - m + down, m + right : W - m + right]

    def surprise(h):
        neighbors = shifted(-h, 0) + shifted(h, 0) + shifted(0, -h) + shifted(0, h)
        return np.abs(shifted(0, 0) - neighbors / 4).mean(axis=(0, 1))

    around = np.sqrt(surprise(stride - 1) * surprise(stride + 1))
    score = np.maximum(0, 1 - surprise(stride) / around)
    return float(np.mean(score))
