"""Divides by the standard deviation of the pixels.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def checkerboard_score(image, stride):
    image = np.atleast_3d(image)
    rows, columns = (n // stride * stride for n in image.shape[:2])
    if not rows or not columns:
        raise ValueError("image smaller than stride")
    region = image[:rows, :columns]
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    means = [region[p::stride, q::stride].mean((0, 1)) for p, q in phases]
    size = region.std((0, 1))
    return float(np.mean(np.std(means, axis=0) / np.where(size == 0, 1, size)))
