"""The factor of the examples is built in.

Written from: the task text.
Told: values, no cause
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    if upsampler == "transpose":
        return kernel_size**2 / 4
    return float(kernel_size**2)
