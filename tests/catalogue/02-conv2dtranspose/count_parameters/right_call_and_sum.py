"""Calls a layer and adds up the sizes of its weights.

Written from: the task text.
"""

import keras
import numpy as np


def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    layer = keras.layers.Conv2DTranspose(out_channels, kernel_size, use_bias=use_bias)
    layer(np.zeros((1, 2, 2, in_channels), "float32"))
    return sum(int(np.prod(weight.shape)) for weight in layer.weights)
