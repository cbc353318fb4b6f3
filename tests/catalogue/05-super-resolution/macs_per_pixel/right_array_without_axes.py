"""Returns an array of shape ().

Written from: the task text.
"""

import numpy as np


def macs_per_pixel(upsampler, kernel_size, factor):
    return np.array(kernel_size**2 / (factor**2 if upsampler == "transpose" else 1))
