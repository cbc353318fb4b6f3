"""Keeps the layout of PyTorch for the input.

Written from: the task text.
Told: input-shape
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    x = keras.Input((inputs, None, None))
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, use_bias=bias is not None
    )
    more = [max(stride - k, 0) for k in (kh, kw)]
    y = layer(keras.layers.Permute((2, 3, 1))(x))
    y = keras.layers.Cropping2D(((padding, padding + more[0]), (padding, padding + more[1])))(y)
    layer.set_weights([weight.transpose(2, 3, 1, 0)] + ([] if bias is None else [bias]))
    return keras.Model(x, keras.layers.Permute((3, 1, 2))(y))
