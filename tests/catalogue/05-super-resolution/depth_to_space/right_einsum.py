"""An einsum that only names the axes.

Written from: the solution.
"""

import numpy as np


def depth_to_space(x, factor):
    n, h, w, d = x.shape
    y = np.einsum("nhwpqc->nhpwqc", x.reshape(n, h, w, factor, factor, d // factor**2))
    return y.reshape(n, h * factor, w * factor, d // factor**2)
