"""Four cases, one `if` inside another.

Written from: the task text.
"""


def output_length(n, kernel_size, stride, padding, output_padding=None):
    steps = (n - 1) * stride
    if output_padding is None:
        if padding == "valid":
            if kernel_size > stride:
                return steps + kernel_size
            return steps + stride
        return n * stride
    if output_padding < 0 or output_padding > stride - 1:
        raise ValueError("bad output_padding: " + str(output_padding))
    if padding == "valid":
        return steps + kernel_size + output_padding
    if kernel_size % 2 == 1:
        return steps + 1 + output_padding
    return steps + output_padding
