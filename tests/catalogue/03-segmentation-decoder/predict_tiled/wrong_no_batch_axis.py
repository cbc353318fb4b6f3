"""Hands tiles over without the batch axis.

Written from: the task text.
Told: tile-without-batch
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    result = None
    for top in [*range(0, height - tile, tile - overlap), height - tile]:
        for left in [*range(0, width - tile, tile - overlap), width - tile]:
            y = np.asarray(predict(image[top : top + tile, left : left + tile]))
            if result is None:
                result = np.zeros((height, width, y.shape[-1]))
            down, right = (overlap // 2 if start > 0 else 0 for start in (top, left))
            result[top + down : top + tile, left + right : left + tile] = y[down:, right:]
    return result
