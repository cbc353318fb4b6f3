"""Counts one side of the kernel.

Written from: the task text.
Told: one-side
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return kernel_size / factor**2
    if upsampler == "resize":
        return float(kernel_size)
    return float(kernel_size)
