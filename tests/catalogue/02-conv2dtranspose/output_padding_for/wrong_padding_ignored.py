"""Computes as if the padding were always valid.

Written from: the task text.
Told: padding-ignored
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    rest = (n - kernel_size) % stride
    return None if kernel_size + rest == max(kernel_size, stride) else rest
