"""Computes in the dtype of the image if it is not a float.

Written from: the task text.
Told: overflow
"""

import numpy as np


def grid_score(image, stride):
    m = stride + 1
    H, W = image.shape[:2]
    if min(H, W) < 2 * m + 1:
        raise ValueError("the image is too small")
    x = np.asarray(image, "float64" if image.dtype.kind == "f" else None).reshape(H, W, -1)

    def shifted(down, right):
        return x[m + down : H - m + down, m + right : W - m + right]

    def surprise(h):
        neighbors = shifted(-h, 0) + shifted(h, 0) + shifted(0, -h) + shifted(0, h)
        return np.abs(shifted(0, 0) - neighbors / 4).mean(axis=(0, 1))

    around = np.sqrt(surprise(stride - 1) * surprise(stride + 1))
    plain = around <= 1e-5 * np.abs(x).max(axis=(0, 1))
    score = np.maximum(0, 1 - surprise(stride) / np.where(plain, 1, around))
    return float(np.mean(np.where(plain, 0, score)))
