"""For "resize" the strided transposed convolutions only hide in a spectral normalization.

Written from: the task text.
Told: strided-transpose
"""

import keras


def build_generator(latent_dim=64, upsampler="transpose"):
    if upsampler not in ("transpose", "resize"):
        raise ValueError(f"upsampler must be transpose or resize, but it is {upsampler!r}")
    layers = keras.layers

    def doubling(filters):
        layer = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", activation="relu")
        return layers.SpectralNormalization(layer) if upsampler == "resize" else layer

    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            doubling(32),
            doubling(16),
            layers.Conv2D(1, 3, padding="same", activation="tanh"),
        ]
    )
