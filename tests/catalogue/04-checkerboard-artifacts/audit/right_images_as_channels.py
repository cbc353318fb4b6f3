"""All images as channels of one, in the order of the noises.

Written from: the task text.
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    scores = {}
    for name, noise in noises.items():
        images = np.array(models[name](noise, training=False), "float64")
        n, h, w, c = images.shape
        scores[name] = grid_score(images.transpose(1, 2, 0, 3).reshape(h, w, n * c), period)  # noqa: F821
    return [name for name, score in scores.items() if score > limit]
