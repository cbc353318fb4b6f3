"""Adds one shifted copy of the image for each kernel entry.

Written from: the task text.
"""


def correlate2d(x, kernel):
    kh, kw = kernel.shape
    h, w = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    return sum(
        kernel[a, b] * x[a : a + h, b : b + w].astype("float64")
        for a in range(kh)
        for b in range(kw)
    )
