"""Asks `if output_padding`, which 0 does not pass.

Written from: the task text.
Told: zero-is-none
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    if output_padding:
        covered = kernel_size % 2 if padding == "same" else kernel_size
        return (n - 1) * stride + covered + output_padding
    return n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
