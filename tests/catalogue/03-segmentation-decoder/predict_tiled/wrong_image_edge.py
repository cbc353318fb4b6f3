"""Cuts half of the overlap off each side, also at the image's edge.

Written from: the task text.
Told: image-edge-empty
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
            keep = overlap // 2
            inner = slice(keep, tile - keep)
            result[top + keep : top + tile - keep, left + keep : left + tile - keep] = y[
                inner, inner
            ]
    return result
