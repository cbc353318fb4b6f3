"""One transposed convolution of stride 4, as in the first FCNs.

Written from: the task text.
"""

import keras


def build_fcn(input_shape, num_classes, base_filters=16):
    image = keras.Input(input_shape)
    levels = encode(image, base_filters)  # noqa: F821 (given)
    logits = keras.layers.Conv2DTranspose(num_classes, 8, strides=4, padding="same")(levels[-1])
    if num_classes == 1:
        return keras.Model(image, keras.activations.sigmoid(logits))
    return keras.Model(image, keras.layers.Softmax()(logits))
