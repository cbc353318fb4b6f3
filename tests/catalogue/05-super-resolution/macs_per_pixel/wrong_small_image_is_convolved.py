"""Resizes after the convolution.

Written from: the task text.
Told: low-resolution
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return kernel_size**2 / factor**2
    if upsampler == "resize":
        return kernel_size**2 / factor**2
    return float(kernel_size**2)
