"""Takes all channels together.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def checkerboard_score(image, stride):
    rows, columns = (n // stride * stride for n in image.shape[:2])
    if not rows or not columns:
        raise ValueError("image smaller than stride")
    region = image[:rows, :columns]
    means = [region[p::stride, q::stride].mean() for p in range(stride) for q in range(stride)]
    size = np.sqrt((region**2).mean())
    return float(np.std(means) / size) if size else 0.0
