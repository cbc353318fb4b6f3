"""DCGAN style: 4x4 kernels, normalization, the last strided layer gives the image.

Written from: the task text.
"""

import keras
from keras import layers


def enlarge(x, filters, upsampler):
    if upsampler == "transpose":
        return layers.Conv2DTranspose(filters, 4, strides=2, padding="same")(x)
    x = layers.UpSampling2D(interpolation="bilinear")(x)
    return layers.Conv2D(filters, 3, padding="same")(x)


def build_generator(latent_dim=64, upsampler="transpose"):
    if upsampler != "transpose" and upsampler != "resize":
        raise ValueError("upsampler should be transpose or resize")
    z = keras.Input(shape=(latent_dim,))
    x = layers.Dense(7 * 7 * 48, use_bias=False)(z)
    x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU()(x)
    x = layers.Reshape((7, 7, 48))(x)
    x = enlarge(x, 24, upsampler)
    x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU()(x)
    x = enlarge(x, 1, upsampler)
    return keras.Model(z, layers.Activation("tanh")(x), name=f"generator_{upsampler}")
