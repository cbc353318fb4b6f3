"""Hands all tiles over at once.

Written from: the task text.
Told: tile-shape
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    places = [
        (top, left)
        for top in [*range(0, height - tile, tile - overlap), height - tile]
        for left in [*range(0, width - tile, tile - overlap), width - tile]
    ]
    batch = np.stack([image[i : i + tile, j : j + tile] for i, j in places])
    found = np.asarray(predict(batch))
    result = np.zeros((height, width, found.shape[-1]))
    for (top, left), y in zip(places, found, strict=True):
        down, right = (overlap // 2 if start > 0 else 0 for start in (top, left))
        result[top + down : top + tile, left + right : left + tile] = y[down:, right:]
    return result
