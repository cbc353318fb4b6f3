"""Takes None for 0, so that `same` no longer gives stride times the input.

Written from: the task text.
Told: none-is-zero
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    output_padding = output_padding or 0
    if not 0 <= output_padding < stride:
        raise ValueError("output_padding")
    covered = kernel_size % 2 if padding == "same" else kernel_size
    return (n - 1) * stride + covered + output_padding
