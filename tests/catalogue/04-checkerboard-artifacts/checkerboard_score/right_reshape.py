"""Reshapes to phases, in float64.

Written from: the task text.
"""

import numpy as np


def checkerboard_score(image, stride):
    image = np.atleast_3d(np.asarray(image, dtype="float64"))
    high, wide = image.shape[0] // stride, image.shape[1] // stride
    if not high * wide:
        raise ValueError(f"stride {stride} is larger than the picture")
    cut = image[: high * stride, : wide * stride]
    blocks = cut.reshape(high, stride, wide, stride, -1)
    spread = blocks.mean(axis=(0, 2)).std(axis=(0, 1))
    size = np.sqrt((blocks**2).mean((0, 1, 2, 3)))
    return np.divide(spread, size, out=np.zeros_like(size), where=size > 0).mean()
