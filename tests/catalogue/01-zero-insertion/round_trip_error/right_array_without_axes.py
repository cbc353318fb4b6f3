"""Returns an array of shape ().

Written from: the task text.
"""

import keras
import numpy as np


def round_trip_error(x, kernel, stride):
    one, k = (np.array(a, "float64") for a in (x[None, :, :, None], kernel[:, :, None, None]))
    y = keras.ops.conv(one, k, strides=stride)
    back = np.zeros(x.shape)
    full = np.asarray(keras.ops.conv_transpose(y, k, strides=stride))[
        0, : x.shape[0], : x.shape[1], 0
    ]
    back[: full.shape[0], : full.shape[1]] = full
    square = np.sum(back**2)
    factor = np.sum(x * back) / square if square else 0
    return np.array(np.linalg.norm(x - factor * back) / np.linalg.norm(x))
