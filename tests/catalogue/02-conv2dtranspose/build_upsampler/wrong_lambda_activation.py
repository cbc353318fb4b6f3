"""A lambda as activation.

Written from: the task text.
Told: cannot-be-graded
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(
                filters, 3, strides=2, padding="same", activation=lambda t: keras.ops.relu(t)
            ),
            layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    )
    return model
