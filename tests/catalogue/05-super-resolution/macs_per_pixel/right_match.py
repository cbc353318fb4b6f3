"""One case after the other, an image of a thousand pixels in mind.

Written from: the solution.
"""


def macs_per_pixel(upsampler, kernel_size, factor):
    small = 1000 * 1000
    large = small * factor * factor
    kernel = kernel_size * kernel_size
    match upsampler:
        case "transpose":
            total = small * kernel
        case "resize":
            total = large * kernel
        case "subpixel":
            total = small * kernel * factor * factor
    return total / large
