"""Makes room for as many channels as the image has.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    result = np.zeros(image.shape)
    tops, lefts = ([*range(0, n - tile, tile - overlap), n - tile] for n in image.shape[:2])
    for top in tops:
        for left in lefts:
            y = np.asarray(predict(image[None, top : top + tile, left : left + tile]))[0]
            down, right = (overlap // 2 if start > 0 else 0 for start in (top, left))
            result[top + down : top + tile, left + right : left + tile] = y[down:, right:]
    return result
