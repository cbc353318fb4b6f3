"""Height stands where width should.

Written from: the solution.
Told: raises-ValueError, no cause
"""


def depth_to_space(x, factor):
    n, h, _, d = x.shape
    y = x.reshape(n, h, h, factor, factor, d // factor**2).transpose(0, 1, 3, 2, 4, 5)
    return y.reshape(n, h * factor, h * factor, d // factor**2)
