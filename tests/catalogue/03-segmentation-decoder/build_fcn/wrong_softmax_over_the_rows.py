"""A softmax over the rows instead of the classes.

Written from: the task text.
Told: softmax-over-axis
"""

import keras


def build_fcn(input_shape, num_classes, base_filters=16):
    layers = keras.layers
    image = keras.Input(input_shape)
    x = image
    for level in range(3):
        x = layers.MaxPooling2D()(x) if level else x
        for _ in range(2):
            x = layers.Conv2D(base_filters * 2**level, 3, padding="same", activation="relu")(x)
    for width in (2 * base_filters, base_filters):
        x = layers.Conv2DTranspose(width, 2, strides=2, activation="relu")(x)
        x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(num_classes, 1)(x)
    return keras.Model(
        image, layers.Activation("sigmoid")(x) if num_classes == 1 else layers.Softmax(1)(x)
    )
