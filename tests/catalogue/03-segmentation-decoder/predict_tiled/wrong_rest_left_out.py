"""Only whole steps: what is left at the end of the image stays zero.

Written from: the task text.
Told: uncovered
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    tops, lefts = (range(0, n - tile + 1, tile - overlap) for n in (height, width))
    result = None
    for top in tops:
        for left in lefts:
            y = np.asarray(predict(image[None, top : top + tile, left : left + tile]))[0]
            if result is None:
                result = np.zeros((height, width, y.shape[2]))
            down, right = (overlap // 2 if start > 0 else 0 for start in (top, left))
            result[top + down : top + tile, left + right : left + tile] = y[down:, right:]
    return result
