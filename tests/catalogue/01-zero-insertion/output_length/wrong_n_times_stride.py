"""Takes output_padding for what fills the output up to n * stride.

Written from: the task text.
Told: n-times-stride
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is None:
        return n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
    if not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    return n * stride
