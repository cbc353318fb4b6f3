"""Channel by channel, with an explicit slice for each neighbor.

Written from: the task text.
"""

import numpy as np


def grid_score(image, stride):
    m = stride + 1
    H, W = image.shape[0], image.shape[1]
    if 2 * m + 1 > H or 2 * m + 1 > W:
        raise ValueError("the image is too small for this stride")
    if image.ndim == 2:
        image = image[:, :, None]
    scores = []
    for c in range(image.shape[2]):
        x = image[:, :, c].astype(np.float64)
        s = {}
        for h in (stride - 1, stride, stride + 1):
            up, down = x[m - h : H - m - h, m : W - m], x[m + h : H - m + h, m : W - m]
            left, right = x[m : H - m, m - h : W - m - h], x[m : H - m, m + h : W - m + h]
            s[h] = np.abs(x[m : H - m, m : W - m] - (up + down + left + right) / 4).mean()
        around = (s[stride - 1] * s[stride + 1]) ** 0.5
        if around <= 1e-5 * np.abs(x).max():
            scores.append(0.0)
        else:
            scores.append(max(0.0, 1 - s[stride] / around))
    return sum(scores) / len(scores)
