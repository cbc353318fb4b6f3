"""Computes in keras.ops and returns a tensor.

Written from: the task text.
"""

import keras


def bilinear_kernel(factor, channels):
    k = 2 * factor - factor % 2
    i = keras.ops.arange(k, dtype="float32")
    tent = keras.ops.relu(1 - keras.ops.abs(i - (k - 1) / 2) / factor)
    return keras.ops.einsum("i,j,ab->ijab", tent, tent, keras.ops.eye(channels))
