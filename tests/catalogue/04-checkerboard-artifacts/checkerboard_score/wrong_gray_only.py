"""Handles images without channels only.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import numpy as np


def checkerboard_score(image, stride):
    rows, columns = (n // stride * stride for n in image.shape)
    if not rows or not columns:
        raise ValueError("image smaller than stride")
    region = image[:rows, :columns]
    means = [region[p::stride, q::stride].mean() for p in range(stride) for q in range(stride)]
    return float(np.std(means) / (np.sqrt((region**2).mean()) or 1))
