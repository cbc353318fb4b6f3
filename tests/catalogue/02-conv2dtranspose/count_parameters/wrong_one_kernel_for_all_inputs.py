"""Gives each output channel a single kernel, whatever the inputs.

Written from: the task text.
Told: channels-left-out
"""


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (kh * kw + int(use_bias)) * out_channels
