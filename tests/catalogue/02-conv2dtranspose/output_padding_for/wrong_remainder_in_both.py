"""Takes the remainder for the setting, in both paddings.

Written from: the task text.
Told: parity-ignored
"""


def output_padding_for(n, kernel_size, stride, padding):
    if padding == "valid" and n < kernel_size:
        raise ValueError("n is smaller than kernel_size")
    return None if n % stride == 0 else n % stride
