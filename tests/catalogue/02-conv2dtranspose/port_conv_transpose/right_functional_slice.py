"""Slices the wanted rows and columns out of what `valid` gives.

Written from: the task text.
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    channels, filters, kh, kw = weight.shape
    image = keras.Input((None, None, channels))
    layer = keras.layers.Conv2DTranspose(
        filters, (kh, kw), strides=stride, use_bias=bias is not None
    )
    y = layer(image)
    bottom, right = (padding + max(stride - side, 0) for side in (kh, kw))
    y = y[:, padding : -bottom or None, padding : -right or None]
    layer.kernel.assign(weight.transpose(2, 3, 1, 0))
    if bias is not None:
        layer.bias.assign(bias)
    return keras.Model(image, y)
