"""Cuts the padding off and leaves what `valid` adds.

Written from: the task text.
Told: rows-added
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    kernel = weight.transpose(2, 3, 1, 0)
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, padding="valid", use_bias=bias is not None
    )
    model = keras.Sequential([keras.Input((None, None, inputs)), layer])
    model.add(keras.layers.Cropping2D(padding))
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return model
