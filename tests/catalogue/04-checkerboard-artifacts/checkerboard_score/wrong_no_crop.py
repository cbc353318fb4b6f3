"""Uses all pixels, whatever the size.

Written from: the task text.
Told: values, no cause
"""

import numpy as np


def checkerboard_score(image, stride):
    image = np.atleast_3d(image)
    if min(image.shape[:2]) < stride:
        raise ValueError("image smaller than stride")
    means = [image[p::stride, q::stride].mean((0, 1)) for p in range(stride) for q in range(stride)]
    size = np.sqrt((image**2).mean((0, 1)))
    return float(np.mean(np.std(means, axis=0) / np.where(size == 0, 1, size)))
