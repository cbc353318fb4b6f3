"""Formats the count.

Written from: the task text.
Told: returns-text
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return str(kh * kw * in_channels * out_channels + use_bias * out_channels)
