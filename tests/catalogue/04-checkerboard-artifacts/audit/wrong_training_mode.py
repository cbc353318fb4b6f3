"""Calls the models as in training.

Written from: the task text.
Told: training-mode
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=True))
        if np.mean([grid_score(image, period) for image in images]) > limit:  # noqa: F821
            prone.append(name)
    return prone
