"""A set, in Keras' default mode, which is inference.

Written from: the task text.
"""

import numpy as np


def audit(models, noises, period, limit=0.1):
    def mean_score(name):
        return np.mean([grid_score(x, period) for x in models[name](noises[name]).numpy()])  # noqa: F821

    return {name for name in models if mean_score(name) > limit}
