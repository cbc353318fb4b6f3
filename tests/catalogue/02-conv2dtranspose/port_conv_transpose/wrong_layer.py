"""Returns the layer alone.

Written from: the task text.
Told: not-a-model
"""

import keras


def port_conv_transpose(weight, bias, stride, padding):
    inputs, outputs, kh, kw = weight.shape
    layer = keras.layers.Conv2DTranspose(
        outputs, (kh, kw), strides=stride, use_bias=bias is not None
    )
    layer.build((None, None, None, inputs))
    layer.set_weights([weight.transpose(2, 3, 1, 0)] + ([] if bias is None else [bias]))
    return layer
