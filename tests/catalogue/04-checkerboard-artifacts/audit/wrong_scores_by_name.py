"""Returns a dictionary from names to scores.

Written from: the task text.
Told: not-a-list
"""

import numpy as np


def audit(decoders, seeds):
    return {
        name: float(np.ptp(response(decoder, seeds[0]), axis=(0, 1)).max())  # noqa: F821
        for name, decoder in decoders.items()
    }
