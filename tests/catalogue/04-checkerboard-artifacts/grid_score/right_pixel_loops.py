"""Python loops over pixels; a tensor comes back.

Written from: the task text.
"""

import math

import tensorflow as tf


def grid_score(image, stride):
    height, width, *rest = image.shape
    m = stride + 1
    if height < 2 * m + 1 or width < 2 * m + 1:
        raise ValueError("stride is too large for this image")
    channels = [image] if not rest else [image[..., c] for c in range(rest[0])]
    total = 0.0
    for x in channels:
        x = x.astype(float).tolist()

        def surprise(h, x=x):
            gone = []
            for i in range(m, height - m):
                for j in range(m, width - m):
                    mean = (x[i - h][j] + x[i + h][j] + x[i][j - h] + x[i][j + h]) / 4
                    gone.append(abs(x[i][j] - mean))
            return sum(gone) / len(gone)

        around = math.sqrt(surprise(stride - 1) * surprise(stride + 1))
        if around > 1e-5 * max(abs(value) for row in x for value in row):
            total += max(0, 1 - surprise(stride) / around)
    return tf.constant(total / len(channels), tf.float64)
