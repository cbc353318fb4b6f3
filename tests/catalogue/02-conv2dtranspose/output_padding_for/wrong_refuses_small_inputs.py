"""Refuses an n below the kernel size under same as well.

Written from: the task text.
Told: refuses-small-inputs
"""


def output_padding_for(n, kernel_size, stride, padding):
    if n < kernel_size:
        raise ValueError("n must not be smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        default, least = (m - 1) * stride + max(kernel_size, stride), (m - 1) * stride + kernel_size
    else:
        m = -(-n // stride)
        default, least = m * stride, (m - 1) * stride + kernel_size % 2
    return None if n == default else n - least
