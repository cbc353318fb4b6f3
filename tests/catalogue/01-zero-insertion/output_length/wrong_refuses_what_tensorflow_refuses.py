"""Raises for `same` with an even kernel and output_padding=0, because the layer fails when called.

Written from: the hidden tests.
Told: raises-ValueError, no cause
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is None:
        return n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
    if not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    if padding == "same" and kernel_size % 2 == 0 and output_padding == 0:
        raise ValueError("output_padding=0 does not work here")
    return (
        (n - 1) * stride + (kernel_size % 2 if padding == "same" else kernel_size) + output_padding
    )
