"""Reshapes to the height and width that it was given, which may be None.

Written from: the task text.
Told: raises-TypeError, no cause
"""

import keras


def build_fcn(input_shape, num_classes, base_filters=16):
    layers = keras.layers
    height, width, _ = input_shape
    image = keras.Input(input_shape)
    x = image
    for level in range(3):
        x = layers.MaxPooling2D()(x) if level else x
        for _ in range(2):
            x = layers.Conv2D(base_filters * 2**level, 3, padding="same", activation="relu")(x)
    for filters in (2 * base_filters, base_filters):
        x = layers.Conv2DTranspose(filters, 2, strides=2, activation="relu")(x)
    x = layers.Conv2D(num_classes, 1)(x)
    x = layers.Reshape((height * width, num_classes))(x)
    x = layers.Activation("sigmoid" if num_classes == 1 else "softmax")(x)
    return keras.Model(image, layers.Reshape((height, width, num_classes))(x))
