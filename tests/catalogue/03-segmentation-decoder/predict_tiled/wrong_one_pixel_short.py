"""Keeps one pixel less than half of the overlap away from the edge.

Written from: the task text.
Told: from-an-edge
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    tops, lefts = ([*range(0, n - tile, tile - overlap), n - tile] for n in (height, width))
    result = None
    for top in tops:
        for left in lefts:
            y = np.asarray(predict(image[None, top : top + tile, left : left + tile]))[0]
            if result is None:
                result = np.zeros((height, width, y.shape[2]))
            down, right = (max(overlap // 2 - 1, 0) if start > 0 else 0 for start in (top, left))
            result[top + down : top + tile, left + right : left + tile] = y[down:, right:]
    return result
