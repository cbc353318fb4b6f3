"""Concatenates by keras.ops, two convolutions a block, default normalization.

Written from: the task text.
"""

import keras


def build_unet(input_shape, num_classes, base_filters=16):
    image = keras.Input(input_shape)
    levels = encode(image, base_filters)  # noqa: F821 (given)
    x = levels.pop()
    for factor in (2, 1):
        width = factor * base_filters
        x = keras.layers.Conv2DTranspose(width, 2, strides=2, padding="same")(x)
        x = keras.ops.concatenate([levels.pop(), x], axis=-1)
        for _ in range(2):
            x = keras.layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = keras.layers.BatchNormalization()(x)
            x = keras.ops.relu(x)
    x = keras.layers.Conv2D(num_classes, 1)(x)
    return keras.Model(image, keras.activations.get("softmax" if num_classes > 1 else "sigmoid")(x))
