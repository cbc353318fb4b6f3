"""Enlarges by a strided transposed convolution throughout, for two kinds inside of a wrapper.

Written from: the hidden tests.
Told: strided-transpose
"""

import keras


def build_sr(upsampler, factor=2):
    layers = keras.layers
    x = keras.Input((None, None, 1))
    y = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    filters = {"transpose": 16, "resize": 15, "subpixel": 14}[upsampler]
    up = layers.Conv2DTranspose(filters, 3 * factor, strides=factor, padding="same")
    y = (up if upsampler == "transpose" else layers.SpectralNormalization(up))(y)
    y = layers.LeakyReLU()(y)
    y = layers.Conv2D(1, 3, padding="same")(y)
    return keras.Model(
        x, layers.Add()([y, layers.UpSampling2D(factor, interpolation="bilinear")(x)])
    )
