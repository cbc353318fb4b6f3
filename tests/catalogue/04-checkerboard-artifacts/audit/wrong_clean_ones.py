"""Names the decoders that are not prone.

Written from: the task text.
Told: bilinear-listed
"""

import numpy as np


def audit(decoders, seeds):
    return [
        name
        for name, decoder in decoders.items()
        if np.ptp(response(decoder, seeds[0]), axis=(0, 1)).max() < 0.05  # noqa: F821
    ]
