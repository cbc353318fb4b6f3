"""Uses Python lists and four loops, and makes an array at the end.

Written from: the task text.
"""

import numpy as np


def stamp(x, kernel, stride):
    height, width = len(x), len(x[0])
    kh, kw = len(kernel), len(kernel[0])
    out = [[0.0] * ((width - 1) * stride + kw) for _ in range((height - 1) * stride + kh)]
    for i in range(height):
        for j in range(width):
            for a in range(kh):
                for b in range(kw):
                    out[i * stride + a][j * stride + b] += float(x[i][j]) * float(kernel[a][b])
    return np.array(out)
