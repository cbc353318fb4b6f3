"""The block is the same whatever is asked for.

Written from: the solution.
Told: strided-transpose
"""

import keras


def build_sr(upsampler, factor=2):
    layers = keras.layers
    low = keras.Input((None, None, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(low)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(16, 3 * factor, strides=factor, padding="same")(x)
    x = layers.Conv2D(1, 3, padding="same")(layers.LeakyReLU()(x))
    return keras.Model(low, x + layers.UpSampling2D(factor, interpolation="bilinear")(low))
