"""Takes 0 for the default.

Written from: the task text.
Told: zero-for-none
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        default, least = (m - 1) * stride + max(kernel_size, stride), (m - 1) * stride + kernel_size
    else:
        m = -(-n // stride)
        default, least = m * stride, (m - 1) * stride + kernel_size % 2
    return 0 if n == default else n - least
