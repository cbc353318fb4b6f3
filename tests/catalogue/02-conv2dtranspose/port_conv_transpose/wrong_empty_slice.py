"""Slices to -padding, which leaves nothing where padding is 0.

Written from: the task text.
Told: empty-slice
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    x = keras.Input((None, None, inputs))
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, use_bias=bias is not None
    )
    y = layer(x)
    y = y[:, padding:-padding, padding:-padding]
    layer.set_weights([weight.transpose(2, 3, 1, 0)] + ([] if bias is None else [bias]))
    return keras.Model(x, y)
