"""Tiles from the lower right corner, each cut to what it may keep.

Written from: the task text.
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    keep = overlap // 2

    def spans(n):
        start = n - tile
        while True:
            yield (
                start,
                start + (keep if start else 0),
                start + tile - (keep if start + tile < n else 0),
            )
            if start == 0:
                return
            start = max(0, start - (tile - overlap))

    result = None
    for top, i, k in spans(height):
        for left, j, m in spans(width):
            y = predict(image[top : top + tile, left : left + tile][None])
            y = np.array(y)[0]
            if result is None:
                result = np.empty((height, width, y.shape[-1]), y.dtype)
            result[i:k, j:m] = y[i - top : k - top, j - left : m - left]
    return result
