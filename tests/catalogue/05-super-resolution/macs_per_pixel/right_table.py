"""Applications of the kernel, times what one application costs.

Written from: the task text.
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    share = {"transpose": 1 / factor**2, "resize": 1.0, "subpixel": 1 / factor**2}[upsampler]
    outputs = factor**2 if upsampler == "subpixel" else 1
    return share * outputs * kernel_size * kernel_size
