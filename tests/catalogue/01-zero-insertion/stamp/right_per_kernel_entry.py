"""Writes the whole image once for each kernel entry, with a strided slice.

Written from: the task text.
"""

import numpy as np


def stamp(x, kernel, stride):
    (height, width), (kh, kw) = x.shape, kernel.shape
    result = np.zeros(((height - 1) * stride + kh, (width - 1) * stride + kw))
    for a, b in np.ndindex(kh, kw):
        result[a : a + height * stride : stride, b : b + width * stride : stride][
            :height, :width
        ] += x * kernel[a, b]
    return result
