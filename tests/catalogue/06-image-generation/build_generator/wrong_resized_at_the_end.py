"""With "resize" one resizing of the finished small image: nothing is convolved after it.

Written from: the task text.
Told: unmixed
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
            x = layers.Conv2D(filters, 3, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    if upsampler == "resize":
        x = layers.Conv2D(1, 3, padding="same", activation="tanh")(x)
        return keras.Model(z, layers.Resizing(28, 28)(x))
    return keras.Model(z, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))
