"""Returns how much too long the default is.

Written from: the task text.
Told: surplus
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "same":
        surplus = -(-n // stride) * stride - n
        return surplus if surplus else None
    rest = (n - kernel_size) % stride
    return None if kernel_size + rest == max(kernel_size, stride) else rest
