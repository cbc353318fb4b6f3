"""Moves the channels and does not return them.

Written from: the task text.
Told: returns-nothing
"""


def depth_to_space(x, factor):
    n, h, w, c = x.shape
    x = x.reshape(n, h, w, factor, factor, c // factor**2).transpose(0, 1, 3, 2, 4, 5)
    x = x.reshape(n, h * factor, w * factor, c // factor**2)
