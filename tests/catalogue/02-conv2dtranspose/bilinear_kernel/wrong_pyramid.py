"""Takes the smaller of the two weights instead of their product.

Written from: the task text.
Told: smaller-of-two
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.minimum(tent[:, None], tent[None, :])[:, :, None, None]
    return (stamp * np.eye(channels)).astype("float32")
