"""Returns a sentence for each decoder instead of its name.

Written from: the task text.
Told: another-name
"""

import numpy as np


def audit(decoders, seeds):
    return [
        f"{name}: {np.ptp(response(decoder, seeds[0]), axis=(0, 1)).max():.2f}"  # noqa: F821
        for name, decoder in decoders.items()
    ]
