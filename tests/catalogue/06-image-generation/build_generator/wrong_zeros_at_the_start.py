"""Its first layer starts at zero, so the latent vector is lost.

Written from: the task text.
Told: no-gradient
"""

import keras


def build_generator(latent_dim=64, upsampler="transpose"):
    if upsampler not in ("transpose", "resize"):
        raise ValueError(f"unknown upsampler: {upsampler}")
    layers = keras.layers
    model = keras.Sequential([keras.Input((latent_dim,))])
    model.add(layers.Dense(7 * 7 * 32, activation="relu", kernel_initializer="zeros"))
    model.add(layers.Reshape((7, 7, 32)))
    for filters in (32, 16):
        if upsampler == "transpose":
            model.add(layers.Conv2DTranspose(filters, 3, strides=2, padding="same"))
        else:
            model.add(layers.UpSampling2D())
            model.add(layers.Conv2D(filters, 3, padding="same"))
        model.add(layers.LeakyReLU())
    model.add(layers.Conv2D(1, 3, padding="same", activation="tanh"))
    return model
