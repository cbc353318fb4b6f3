"""Uses the length of the stamps under same, too.

Written from: the task text.
Told: stamps-under-same
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    m = -(-n // stride) if padding == "same" else (n - kernel_size) // stride + 1
    default = m * stride if padding == "same" else (m - 1) * stride + max(kernel_size, stride)
    return None if default == n else n - (m - 1) * stride - kernel_size
