"""Accepts output_padding == stride: an off-by-one in the comparison.

Written from: the hidden tests.
Told: no-error
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is None:
        return n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
    if not 0 <= output_padding <= stride:
        raise ValueError("output_padding")
    return (
        (n - 1) * stride + (kernel_size % 2 if padding == "same" else kernel_size) + output_padding
    )
