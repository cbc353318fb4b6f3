"""Adds the biases where there are none.

Written from: the task text.
Told: bias-turned-round
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    kernel = height * width * in_channels * out_channels
    return kernel if use_bias else kernel + out_channels
