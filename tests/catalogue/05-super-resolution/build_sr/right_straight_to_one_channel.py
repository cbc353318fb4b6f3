"""The block itself gives the residual; nothing comes after it but a 1x1 convolution.

Written from: the solution.
"""

import keras


def build_sr(upsampler, factor=2):
    layers = keras.layers
    low = keras.Input((None, None, 1))
    x = low
    for _ in range(3):
        x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    if upsampler == "transpose":
        x = layers.Conv2DTranspose(8, 4 * factor, strides=factor, padding="same")(x)
    elif upsampler == "resize":
        x = layers.Conv2D(8, 5, padding="same", activation="relu")(layers.UpSampling2D(factor)(x))
    else:
        x = layers.Conv2D(8 * factor**2, 3, padding="same", activation="relu")(x)
        x = keras.ops.depth_to_space(x, factor)
    x = layers.Conv2D(1, 1)(x)
    return keras.Model(low, layers.UpSampling2D(factor, interpolation="bilinear")(low) + x)
