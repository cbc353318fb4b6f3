"""Gives each entry of the kernel's height and width a bias.

Written from: the task text.
Told: bias-of-each-entry
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    return height * width * (in_channels * out_channels + out_channels * use_bias)
