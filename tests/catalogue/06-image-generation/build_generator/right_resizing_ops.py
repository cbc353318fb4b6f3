"""Resizes by keras.ops.image.resize and Resizing, and its last kernel starts at zero.

Written from: the task text.
"""

import keras


def build_generator(latent_dim=64, upsampler="transpose"):
    if upsampler not in ("transpose", "resize"):
        raise ValueError(f"upsampler is {upsampler!r}")
    layers = keras.layers
    z = keras.Input((latent_dim,))
    x = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(z))
    for filters in (32, 16):
        if upsampler == "transpose":
            x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(x)
        else:
            side = 2 * x.shape[1]
            if side == 14:
                x = keras.ops.image.resize(x, (side, side))
            else:
                x = layers.Resizing(side, side)(x)
            x = layers.Conv2D(filters, 3, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Conv2D(1, 3, padding="same", kernel_initializer="zeros")(x)
    return keras.Model(z, keras.ops.tanh(x))
