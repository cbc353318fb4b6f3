"""One kernel for all channels.

Written from: the task text.
Told: equal-channels
"""

import numpy as np


def icnr(shape, factor, rng):
    one = rng.normal(0, 0.1, (*shape[:3], 1))
    return np.repeat(one, shape[3], axis=-1).astype("float32")
