"""PyTorch's pixel shuffle with the channels moved to the end.

Written from: the task text.
Told: torch-order
"""


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    y = x.reshape(n, h, w, d // factor**2, factor, factor).transpose(0, 1, 4, 2, 5, 3)
    return y.reshape(n, h * factor, w * factor, d // factor**2)
