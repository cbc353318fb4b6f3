"""The largest number of stamps on a pixel, not the mean.

Written from: the solution.
Told: values, no cause
"""

import math


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return float(math.ceil(kernel_size / factor) ** 2)
    return float(kernel_size**2)
