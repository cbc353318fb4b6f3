"""Has found that `same` with output_padding 0 fits a 3x3 kernel with padding 1.

Written from: the task text.
Told: fails-when-called
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    layer = keras.layers.Conv2DTranspose(
        outputs,
        (kh, kw),
        strides=stride,
        padding="same",
        output_padding=0,
        use_bias=bias is not None,
    )
    model = keras.Sequential([keras.Input((None, None, inputs)), layer])
    layer.set_weights([weight.transpose(2, 3, 1, 0)] + ([] if bias is None else [bias]))
    return model
