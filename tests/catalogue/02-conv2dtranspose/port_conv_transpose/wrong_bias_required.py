"""Expects a bias where there is none.

Written from: the task text.
Told: raises-AttributeError, no cause
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    kernel = weight.transpose(2, 3, 1, 0)
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, padding="valid", use_bias=True
    )
    model = keras.Sequential([keras.Input((None, None, inputs)), layer])
    model.add(
        keras.layers.Cropping2D(
            ((padding, padding + max(stride - kh, 0)), (padding, padding + max(stride - kw, 0)))
        )
    )
    layer.set_weights([kernel, bias])
    return model
