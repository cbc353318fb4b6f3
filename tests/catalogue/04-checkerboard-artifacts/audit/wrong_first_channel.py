"""Takes the images for gray ones.

Written from: the task text.
Told: first-channel
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        if np.mean([grid_score(image[..., 0], period) for image in images]) > limit:  # noqa: F821
            prone.append(name)
    return prone
