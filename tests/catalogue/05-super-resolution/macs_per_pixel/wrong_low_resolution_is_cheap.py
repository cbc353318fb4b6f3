"""The sub-pixel convolution runs on the small image, but has more channels there.

Written from: the solution.
Told: too-few-channels
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "resize":
        return float(kernel_size**2)
    return kernel_size**2 / factor**2
