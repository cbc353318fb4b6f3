"""Counts the additional channels of the sub-pixel convolution at high resolution.

Written from: the task text.
Told: too-many-channels
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return kernel_size**2 / factor**2
    if upsampler == "resize":
        return float(kernel_size**2)
    return float(kernel_size**2 * factor**2)
