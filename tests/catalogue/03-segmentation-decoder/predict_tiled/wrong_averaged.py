"""Takes the mean where tiles overlap.

Written from: the task text.
Told: averaged
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    tops, lefts = ([*range(0, n - tile, tile - overlap), n - tile] for n in (height, width))
    total, count = 0, np.zeros((height, width, 1))
    for top in tops:
        for left in lefts:
            y = np.asarray(predict(image[None, top : top + tile, left : left + tile]))[0]
            part = np.zeros((height, width, y.shape[2]))
            part[top : top + tile, left : left + tile] = y
            total = total + part
            count[top : top + tile, left : left + tile] += 1
    return total / count
