"""Its layers compute in half precision, as a GPU likes it.

Written from: the task text.
"""

import keras


def build_upsampler(input_shape, filters):
    layers = keras.layers
    upsampler = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2DTranspose(
                filters, 3, strides=2, padding="same", activation="relu", dtype="mixed_float16"
            ),
            layers.Conv2D(1, 1, activation="sigmoid", dtype="float32"),
        ]
    )
    return upsampler
