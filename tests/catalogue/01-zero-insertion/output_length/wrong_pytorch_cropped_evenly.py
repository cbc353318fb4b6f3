"""Uses PyTorch's formula, with half of what exceeds the stride as the padding of `same`.

Written from: the task text.
Told: as-in-pytorch
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    if output_padding is not None and not 0 <= output_padding < stride:
        raise ValueError(f"output_padding must be less than {stride}")
    if padding == "valid":
        if output_padding is None:
            return (n - 1) * stride + max(kernel_size, stride)
        return (n - 1) * stride + kernel_size + output_padding
    p = (kernel_size - stride) // 2
    return (n - 1) * stride - 2 * p + kernel_size + (output_padding or 0)
