"""Divides, which gives a float.

Written from: the task text.
Told: not-an-int
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is None:
        length = n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
        return length / 1
    if not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    pad = kernel_size // 2 if padding == "same" else 0
    return (n - 1) * stride + kernel_size - 2 * pad + output_padding
