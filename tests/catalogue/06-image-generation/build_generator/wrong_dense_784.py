"""With "resize" a dense layer makes all 784 pixels: nothing is resized.

Written from: the task text.
Told: no-resizing
"""

import keras


def build_generator(latent_dim=64, upsampler="transpose"):
    if upsampler not in ("transpose", "resize"):
        raise ValueError(f"upsampler is {upsampler!r}")
    layers = keras.layers
    z = keras.Input((latent_dim,))
    if upsampler == "resize":
        x = layers.Dense(256, activation="relu")(z)
        return keras.Model(z, layers.Reshape((28, 28, 1))(layers.Dense(784, activation="tanh")(x)))
    x = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(z))
    for filters in (32, 16):
        if upsampler == "transpose":
            x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(x)
        else:
            x = layers.UpSampling2D(2, interpolation="bilinear")(x)
            x = layers.Conv2D(filters, 3, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    return keras.Model(z, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))
