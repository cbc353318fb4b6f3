"""Stamps by the operation of keras.ops in the call of its own class, which runs by itself.

Written from: the task text.
Told: operation-for-layer
"""

import keras
import numpy as np


class Port(keras.Model):
    def __init__(self, kernel, bias, stride, cut):
        super().__init__()
        self.weight, self.bias, self.stride = kernel, bias, stride
        self.crop = keras.layers.Cropping2D(cut)

    def call(self, x):
        y = keras.ops.conv_transpose(x, self.weight, strides=self.stride, padding="valid")
        return self.crop(y if self.bias is None else y + self.bias)


def port_conv_transpose(weight, bias, stride, padding):
    cut = [(padding, padding + max(stride - k, 0)) for k in weight.shape[2:]]
    kernel = np.ascontiguousarray(weight.transpose(2, 3, 1, 0))
    model = Port(kernel, bias, stride, cut)
    model(keras.Input((None, None, weight.shape[0])))
    return model
