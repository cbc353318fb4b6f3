"""Works with remainders and never computes m.

Written from: the task text.
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "same":
        left = n % stride
        return None if left == 0 else left - kernel_size % 2
    if n < kernel_size:
        raise ValueError(f"kernel_size {kernel_size} does not fit")
    left = (n - kernel_size) % stride
    return None if kernel_size + left == max(kernel_size, stride) else left
