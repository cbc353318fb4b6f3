"""With output_padding=0 `valid` adds nothing after the last stamp; every side is cut alike.

Written from: the task text.
"""

import keras
import numpy as np


def port_conv_transpose(weight, bias, stride, padding):
    model = keras.Sequential()
    model.add(keras.Input(shape=(None, None, weight.shape[0])))
    model.add(
        keras.layers.Conv2DTranspose(
            weight.shape[1],
            weight.shape[2:],
            strides=(stride, stride),
            output_padding=0 if stride > 1 else None,
        )
    )
    model.add(keras.layers.Cropping2D(padding))
    if bias is None:
        bias = np.zeros(weight.shape[1], dtype="float32")
    model.layers[0].set_weights([np.einsum("iokl->kloi", weight), bias])
    return model
