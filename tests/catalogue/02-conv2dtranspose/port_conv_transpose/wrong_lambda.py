"""Cuts in a Lambda layer.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, use_bias=bias is not None
    )
    p, q = padding + max(stride - kh, 0), padding + max(stride - kw, 0)
    cut = keras.layers.Lambda(
        lambda y: y[:, padding : y.shape[1] - p, padding : y.shape[2] - q],
        output_shape=(None, None, outputs),
    )
    model = keras.Sequential([keras.Input((None, None, inputs)), layer, cut])
    layer.set_weights([weight.transpose(2, 3, 1, 0)] + ([] if bias is None else [bias]))
    return model
