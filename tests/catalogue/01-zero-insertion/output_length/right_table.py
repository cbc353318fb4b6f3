"""Looks the formula up in a dictionary of functions.

Written from: the task text.
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is not None and output_padding not in range(stride):
        raise ValueError("output_padding is not one of 0, ..., stride - 1")
    table = {
        ("valid", True): lambda: (n - 1) * stride + max(kernel_size, stride),
        ("valid", False): lambda: (n - 1) * stride + kernel_size + output_padding,
        ("same", True): lambda: n * stride,
        ("same", False): lambda: (n - 1) * stride + kernel_size % 2 + output_padding,
    }
    return table[padding, output_padding is None]()
