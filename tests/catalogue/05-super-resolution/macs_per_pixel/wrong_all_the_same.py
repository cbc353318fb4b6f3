"""A convolution is a convolution.

Written from: the solution.
Told: whole-kernel
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    return float(kernel_size**2)
