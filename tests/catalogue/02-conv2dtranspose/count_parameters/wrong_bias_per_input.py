"""Counts a bias for each input channel.

Written from: the task text.
Told: bias-of-each-input
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return kh * kw * in_channels * out_channels + (in_channels if use_bias else 0)
