"""Subtracts the two rows of the table, and n is in none of them.

Written from: the task text.
Told: n-left-out
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        by_default = (m - 1) * stride + max(kernel_size, stride)
        with_zero = (m - 1) * stride + kernel_size
    else:
        m = -(-n // stride)
        by_default = m * stride
        with_zero = (m - 1) * stride + kernel_size % 2
    return None if n == by_default else by_default - with_zero
