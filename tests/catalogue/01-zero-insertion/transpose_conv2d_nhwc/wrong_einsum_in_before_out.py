"""Names the kernel's channels in the wrong order for einsum.

Written from: the task text.
Told: channels-swapped
"""

import numpy as np


def transpose_conv2d_nhwc(x, kernel, stride):
    (batch, height, width, _), (kh, kw, _, outputs) = x.shape, kernel.shape
    output = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for i, j in np.ndindex(height, width):
        stamp = np.einsum("ni,abio->nabo", x[:, i, j], kernel)
        output[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += stamp
    return output
