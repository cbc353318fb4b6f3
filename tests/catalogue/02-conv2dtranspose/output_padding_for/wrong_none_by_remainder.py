"""Returns None where the stride divides n, which is right for same only.

Written from: the task text.
Told: none-by-remainder
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        with_zero = (m - 1) * stride + kernel_size
    else:
        m = -(-n // stride)
        with_zero = (m - 1) * stride + kernel_size % 2
    return None if n % stride == 0 else n - with_zero
