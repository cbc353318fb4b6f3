"""Has learned from 3x3 kernels that same needs the remainder less one.

Written from: the task text.
Told: parity-ignored
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "same":
        return None if n % stride == 0 else n % stride - 1
    rest = (n - kernel_size) % stride
    return None if kernel_size + rest == max(kernel_size, stride) else rest
