"""Squares the first entry of a pair, because kernels are mostly square.

Written from: the hidden tests.
Told: square-kernel
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    side = kernel_size if isinstance(kernel_size, int) else kernel_size[0]
    return side * side * in_channels * out_channels + (out_channels if use_bias else 0)
