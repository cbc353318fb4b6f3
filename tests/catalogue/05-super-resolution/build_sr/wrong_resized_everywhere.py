"""Resizes for every upsampler.

Written from: the task text.
Told: no-transpose
"""

import keras


def build_sr(upsampler, factor=2):
    layers = keras.layers
    low = keras.Input((None, None, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(low)
    x = layers.Conv2D(16, 3, padding="same")(layers.UpSampling2D(factor)(x))
    x = layers.Conv2D(1, 3, padding="same")(x)
    large = layers.UpSampling2D(factor, interpolation="bilinear")(low)
    return keras.Model(low, layers.Add()([x, large]))
