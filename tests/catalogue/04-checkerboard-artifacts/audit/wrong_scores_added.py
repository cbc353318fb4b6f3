"""Adds the scores of the images.

Written from: the task text.
Told: added
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        if sum([grid_score(image, period) for image in images]) > limit:  # noqa: F821
            prone.append(name)
    return prone
