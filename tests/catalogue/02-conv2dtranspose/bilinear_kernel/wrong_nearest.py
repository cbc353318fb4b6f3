"""Returns the kernel of nearest-neighbor upsampling.

Written from: the task text.
Told: nearest
"""

import numpy as np


def bilinear_kernel(factor, channels):
    return (np.ones((factor, factor, 1, 1)) * np.eye(channels)).astype("float32")
