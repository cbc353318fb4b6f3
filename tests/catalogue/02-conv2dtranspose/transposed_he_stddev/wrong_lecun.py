"""The standard deviation of lecun_normal.

Written from: the task text.
Told: no-relu-no-stride
"""


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (1 / (kh * kw * in_channels)) ** 0.5
