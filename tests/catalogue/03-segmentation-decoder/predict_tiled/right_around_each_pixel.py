"""Takes for each pixel the tile in whose middle it lies, as far as there is one.

Written from: the task text.
"""

import numpy as np


def predict_tiled(predict, image, tile, overlap):
    height, width = image.shape[:2]
    known = {}
    rows = []
    for i in range(height):
        row = []
        for j in range(width):
            top = min(max(i - tile // 2, 0), height - tile)
            left = min(max(j - tile // 2, 0), width - tile)
            if (top, left) not in known:
                window = image[top : top + tile, left : left + tile]
                known[top, left] = np.asarray(predict(window[np.newaxis]))[0]
            row.append(known[top, left][i - top, j - left])
        rows.append(row)
    return np.array(rows)
