"""Returns how much longer the default is, in both paddings, and never None.

Written from: the task text.
Told: surplus
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    if padding == "valid":
        m = (n - kernel_size) // stride + 1
        by_default = (m - 1) * stride + max(kernel_size, stride)
    else:
        m = -(-n // stride)
        by_default = m * stride
    return by_default - n
