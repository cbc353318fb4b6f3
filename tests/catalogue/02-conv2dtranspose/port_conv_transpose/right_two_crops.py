"""Crops what `valid` adds first, then the padding of PyTorch.

Written from: the task text.
"""

import keras
import numpy as np
from keras import layers


def port_conv_transpose(weight, bias, stride, padding):
    kernel = np.moveaxis(weight, [0, 1], [3, 2])
    kh, kw, filters, channels = kernel.shape
    model = keras.Sequential(
        [
            layers.Input((None, None, channels)),
            layers.Conv2DTranspose(filters, (kh, kw), strides=stride, padding="valid"),
            layers.Cropping2D(((0, max(0, stride - kh)), (0, max(0, stride - kw)))),
            layers.Cropping2D((padding, padding)),
        ]
    )
    model.layers[0].kernel.assign(kernel)
    if bias is not None:
        model.layers[0].bias.assign(bias)
    return model
