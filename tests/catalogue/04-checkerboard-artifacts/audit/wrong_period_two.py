"""Always looks for period 2.

Written from: the task text.
Told: period-two
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        if np.mean([grid_score(image, 2) for image in images]) > limit:  # noqa: F821
            prone.append(name)
    return prone
