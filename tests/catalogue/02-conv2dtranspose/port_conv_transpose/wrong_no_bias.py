"""Leaves the bias out.

Written from: the task text.
Told: bias-missing
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    kernel = weight.transpose(2, 3, 1, 0)
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, padding="valid", use_bias=False
    )
    model = keras.Sequential([keras.Input((None, None, inputs)), layer])
    model.add(
        keras.layers.Cropping2D(
            ((padding, padding + max(stride - kh, 0)), (padding, padding + max(stride - kw, 0)))
        )
    )
    layer.set_weights([kernel])
    return model
