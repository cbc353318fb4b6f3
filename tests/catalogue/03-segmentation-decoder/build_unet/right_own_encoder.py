"""An encoder of its own, as a model inside the model.

Written from: the task text.
"""

import keras


def build_unet(input_shape, num_classes, base_filters=16):
    def twice(x, width):
        for _ in range(2):
            x = keras.layers.Conv2D(width, 3, padding="same", activation="relu")(x)
        return x

    image = keras.Input(input_shape)
    full = twice(image, base_filters)
    half = twice(keras.layers.MaxPooling2D()(full), 2 * base_filters)
    deep = twice(keras.layers.MaxPooling2D()(half), 4 * base_filters)
    encoder = keras.Model(image, [full, half, deep])
    inputs = keras.Input(input_shape)
    full, half, x = encoder(inputs)
    x = keras.layers.Conv2DTranspose(2 * base_filters, 2, strides=2)(x)
    x = twice(keras.layers.Concatenate()([half, x]), 2 * base_filters)
    x = keras.layers.Conv2DTranspose(base_filters, 2, strides=2)(x)
    x = twice(keras.layers.Concatenate()([full, x]), base_filters)
    activation = "sigmoid" if num_classes == 1 else "softmax"
    outputs = keras.layers.Conv2D(num_classes, 1, activation=activation)(x)
    return keras.Model(inputs, outputs)
