"""Reverses all axes, which swaps height and width.

Written from: the task text.
Told: sides-swapped
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    kernel = weight.T
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, padding="valid", use_bias=bias is not None
    )
    model = keras.Sequential([keras.Input((None, None, inputs)), layer])
    model.add(
        keras.layers.Cropping2D(
            ((padding, padding + max(stride - kh, 0)), (padding, padding + max(stride - kw, 0)))
        )
    )
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return model
