"""The skips come from a second encoder, made for them alone.

Written from: the task text.
Told: second-encoder
"""

import keras


def build_unet(input_shape, num_classes, base_filters=16):
    layers = keras.layers

    def twice(x, width):
        for _ in range(2):
            x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
        return x

    def encoder(x):
        full = twice(x, base_filters)
        half = twice(layers.MaxPooling2D()(full), 2 * base_filters)
        return full, half, twice(layers.MaxPooling2D()(half), 4 * base_filters)

    image = keras.Input(input_shape)
    _, _, x = encoder(image)
    full, half, _ = encoder(image)
    x = layers.Conv2DTranspose(2 * base_filters, 2, strides=2)(x)
    x = twice(layers.Concatenate()([x, half]), 2 * base_filters)
    x = layers.Conv2DTranspose(base_filters, 2, strides=2)(x)
    x = twice(layers.Concatenate()([x, full]), base_filters)
    last = "sigmoid" if num_classes == 1 else "softmax"
    return keras.Model(image, layers.Conv2D(num_classes, 1, activation=last)(x))
