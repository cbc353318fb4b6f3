"""Uses PyTorch's formula, with (k - 1) // 2 as the padding of `same`.

Written from: the task text.
Told: as-in-pytorch
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError(f"output_padding must be less than {stride}")
    p = (kernel_size - 1) // 2 if padding == "same" else 0
    return (n - 1) * stride - 2 * p + kernel_size + (output_padding or 0)
