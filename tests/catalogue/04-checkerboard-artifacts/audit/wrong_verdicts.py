"""Returns a verdict for each model.

Written from: the task text.
Told: another-name
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))
        prone.append(bool(np.mean([grid_score(image, period) for image in images]) > limit))  # noqa: F821
    return prone
