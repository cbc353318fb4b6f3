"""Counts the kernel's entries once for each output pixel of a stride of 2.

Written from: the task text.
Told: stride-counted
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    return 4 * height * width * in_channels * out_channels + out_channels * use_bias
