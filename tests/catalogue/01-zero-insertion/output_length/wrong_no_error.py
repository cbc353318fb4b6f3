"""Computes happily with an output_padding that is out of range.

Written from: the task text.
Told: no-error
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if padding == "same":
        if output_padding is None:
            return n * stride
        return (n - 1) * stride + kernel_size % 2 + output_padding
    if output_padding is None:
        return (n - 1) * stride + max(kernel_size, stride)
    return (n - 1) * stride + kernel_size + output_padding
