"""Returns a set.

Written from: the task text.
Told: not-a-list
"""

import numpy as np


def audit(decoders, seeds):
    return {
        name
        for name, decoder in decoders.items()
        if np.ptp(response(decoder, seeds[0]), axis=(0, 1)).max() > 0.05  # noqa: F821
    }
