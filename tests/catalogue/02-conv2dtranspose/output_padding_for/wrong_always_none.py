"""Trusts that the default always restores the size.

Written from: the task text.
Told: always-none
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    return None
