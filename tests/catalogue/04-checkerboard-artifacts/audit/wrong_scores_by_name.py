"""Returns the scores.

Written from: the task text.
Told: not-names
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = {}
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        prone[name] = np.mean([grid_score(image, period) for image in images])  # noqa: F821
    return prone
