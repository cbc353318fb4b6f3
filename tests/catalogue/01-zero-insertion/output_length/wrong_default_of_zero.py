"""Takes None for 0 where the padding is `same`.

Written from: the task text.
Told: none-is-zero
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    extra = output_padding or 0
    if not 0 <= extra < stride:
        raise ValueError("output_padding")
    if padding == "same":
        return (n - 1) * stride + kernel_size % 2 + extra
    if output_padding is None:
        return (n - 1) * stride + max(kernel_size, stride)
    return (n - 1) * stride + kernel_size + extra
