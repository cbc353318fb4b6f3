"""Looks at the interior of a transposed convolution.

Written from: the task text.
"""

import keras
import numpy as np


def is_flat(kernel, stride, tol=1e-6):
    x = np.ones((1, 24, 24, 1))
    y = keras.ops.conv_transpose(x, kernel.astype("float64")[:, :, None, None], strides=stride)
    middle = np.asarray(y)[0, 8 * stride : 16 * stride, 8 * stride : 16 * stride, 0]
    return bool(middle.max() - middle.min() <= tol)
