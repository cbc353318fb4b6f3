"""Returns the variance.

Written from: the task text.
Told: variance
"""


def transposed_he_stddev(kernel_size, stride, in_channels):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return 2 * stride**2 / (kh * kw * in_channels)
