"""Cuts the whole overlap off each side.

Written from: the task text.
Told: left-empty
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
            down, right = (overlap if start > 0 else 0 for start in (top, left))
            up, back = (
                overlap if start + tile < n else 0 for start, n in ((top, height), (left, width))
            )
            rows, columns = slice(down, tile - up), slice(right, tile - back)
            result[top + down : top + tile - up, left + right : left + tile - back] = y[
                rows, columns
            ]
    return result
