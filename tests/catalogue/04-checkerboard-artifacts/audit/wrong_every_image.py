"""Wants a grid in every image.

Written from: the task text.
Told: smallest-image
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        if all(grid_score(image, period) > limit for image in images):  # noqa: F821
            prone.append(name)
    return prone
