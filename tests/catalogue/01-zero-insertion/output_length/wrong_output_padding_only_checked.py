"""Checks output_padding and never adds it.

Written from: the task text.
Told: output-padding-left-out
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is None:
        return n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
    if not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    return (n - 1) * stride + (kernel_size % 2 if padding == "same" else kernel_size)
