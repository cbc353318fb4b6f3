"""Hands kernel and bias over as constant initializers.

Written from: the task text.
"""

import keras
import numpy as np


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    constant = keras.initializers.Constant
    x = keras.Input((None, None, inputs))
    y = keras.layers.Conv2DTranspose(
        outputs,
        (kh, kw),
        strides=stride,
        kernel_initializer=constant(np.transpose(weight, (2, 3, 1, 0))),
        bias_initializer=constant(0.0 if bias is None else bias),
    )(x)
    more = [max(stride - k, 0) for k in (kh, kw)]
    y = keras.layers.Cropping2D(((padding, padding + more[0]), (padding, padding + more[1])))(y)
    return keras.Model(inputs=x, outputs=y)
