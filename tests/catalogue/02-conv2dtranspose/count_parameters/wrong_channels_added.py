"""Adds the numbers of channels.

Written from: the task text.
Told: channels-added
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    return height * width * (in_channels + out_channels) + out_channels * use_bias
