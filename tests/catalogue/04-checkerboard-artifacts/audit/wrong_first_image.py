"""Looks at the first image only.

Written from: the task text.
Told: first-image
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        if grid_score(images[0], period) > limit:  # noqa: F821
            prone.append(name)
    return prone
