"""With "resize" it grows by depth to space.

Written from: the task text.
Told: grows-otherwise
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
            x = layers.Conv2D(4 * filters, 3, padding="same")(x)
            x = keras.ops.depth_to_space(x, 2)
        x = layers.LeakyReLU(0.2)(x)
    return keras.Model(z, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))
