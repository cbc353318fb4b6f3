"""Pairs models and noises as they come.

Written from: the task text.
Told: by-order
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for (name, model), noise in zip(models.items(), noises.values(), strict=True):
        images = np.asarray(model(noise, training=False))
        if np.mean([grid_score(image, period) for image in images]) > limit:  # noqa: F821
            prone.append(name)
    return prone
