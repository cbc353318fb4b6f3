"""The stride counts once.

Written from: the task text.
Told: factor-once
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return kernel_size**2 / factor
    return float(kernel_size**2)
