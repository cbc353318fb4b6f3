"""Counts n steps between n stamps.

Written from: the task text.
Told: n-steps
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    if padding == "same":
        if output_padding is None:
            return n * stride
        return (n - 1) * stride + kernel_size % 2 + output_padding
    return n * stride + kernel_size + (output_padding or 0)
