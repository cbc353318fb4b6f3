"""Gives each pair of channels a bias of its own.

Written from: the task text.
Told: bias-of-each-pair
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    return (height * width + use_bias) * in_channels * out_channels
