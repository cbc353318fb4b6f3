"""Returns the stamp alone where there is a single channel.

Written from: the task text.
Told: no-channel-axes
"""

import numpy as np


def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
    stamp = np.outer(tent, tent)
    return (
        stamp.astype("float32")
        if channels == 1
        else (stamp[:, :, None, None] * np.eye(channels)).astype("float32")
    )
