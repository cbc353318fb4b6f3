"""Solves the row for an int and forgets the default.

Written from: the task text.
Told: never-none
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        return n - (m - 1) * stride - kernel_size
    m = (n + stride - 1) // stride
    return n - (m - 1) * stride - kernel_size % 2
