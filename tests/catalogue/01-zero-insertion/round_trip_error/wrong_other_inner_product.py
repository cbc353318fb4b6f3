"""Takes the factor from the convolution's own length.

Written from: the task text.
Told: values, no cause
"""

import keras
import numpy as np


def round_trip_error(x, kernel, stride):
    one, k = (np.array(a, "float64") for a in (x[None, :, :, None], kernel[:, :, None, None]))
    y = keras.ops.conv(one, k, strides=stride)
    back = np.asarray(keras.ops.conv_transpose(y, k, strides=stride))[0, : len(x), : x.shape[1], 0]
    y = np.asarray(y)
    factor = np.sum(y) / np.sum(back) if back.any() else 0
    return float(np.linalg.norm(x - factor * back) / np.linalg.norm(x))
