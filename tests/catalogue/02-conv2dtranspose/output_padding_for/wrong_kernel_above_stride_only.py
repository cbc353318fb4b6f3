"""Forgets that valid adds rows where the stride is larger than the kernel.

Written from: the task text.
Told: smaller-than-the-stride
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        rest = n - (m - 1) * stride - kernel_size
        return rest if rest > 0 else None
    m = -(-n // stride)
    return None if m * stride == n else n - (m - 1) * stride - kernel_size % 2
