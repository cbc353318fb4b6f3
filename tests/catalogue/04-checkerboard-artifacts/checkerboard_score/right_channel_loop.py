"""One channel after the other.

Written from: the task text.
"""

import numpy as np


def checkerboard_score(image, stride):
    height, width = image.shape[:2]
    if height < stride or width < stride:
        raise ValueError("the image is too small")
    channels = [image] if image.ndim == 2 else [image[..., c] for c in range(image.shape[2])]
    scores = []
    for channel in channels:
        region = channel[: height - height % stride, : width - width % stride]
        if not region.any():
            scores.append(0.0)
            continue
        means = [region[p::stride, q::stride].mean() for p in range(stride) for q in range(stride)]
        scores.append(np.std(means) / np.sqrt((region**2).mean()))
    return sum(scores) / len(scores)
