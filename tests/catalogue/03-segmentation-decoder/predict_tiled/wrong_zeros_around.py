"""Sets zeros around the image, so that tiles reach beyond it.

Written from: the task text.
Told: not-a-window
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    half = overlap // 2
    shape = image.shape
    image = np.pad(image, ((half, half + tile), (half, half + tile), (0, 0)))
    height, width = (n + 2 * half for n in shape[:2])
    tops, lefts = (range(0, n - 2 * half, tile - 2 * half) for n in (height, width))
    result = None
    for top in tops:
        for left in lefts:
            y = np.asarray(predict(image[None, top : top + tile, left : left + tile]))[0]
            if result is None:
                result = np.zeros((height, width, y.shape[2]))
            rows, columns = min(tile, height - top), min(tile, width - left)
            kept = y[half : rows - half, half : columns - half]
            result[top + half : top + rows - half, left + half : left + columns - half] = kept
    return result[half : height - half, half : width - half]
