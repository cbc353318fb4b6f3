"""Counts on a stride of 2, where an odd size needs 0 or 1.

Written from: the task text.
Told: values, no cause
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "same":
        return None if n % 2 == 0 else 1 - kernel_size % 2
    rest = (n - kernel_size) % 2
    return None if rest == 0 else rest
