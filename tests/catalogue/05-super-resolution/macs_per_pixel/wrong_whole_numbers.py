"""Integer division loses the quarter.

Written from: the task text.
Told: values, no cause
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return float(kernel_size**2 // factor**2)
    return float(kernel_size**2)
