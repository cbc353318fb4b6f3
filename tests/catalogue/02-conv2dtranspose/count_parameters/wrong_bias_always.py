"""Ignores `use_bias`.

Written from: the task text.
Told: bias-always
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (kh * kw * in_channels + 1) * out_channels
