"""Counts the entries of the kernel and forgets the bias.

Written from: the task text.
Told: no-bias
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return kh * kw * in_channels * out_channels
