"""Normalizes by batches at low resolution.

Written from: the task text.
Told: batch-normalization
"""

import keras


def build_sr(upsampler, factor=2):
    layers = keras.layers
    low = keras.Input((None, None, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(low)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    if upsampler == "transpose":
        x = layers.Conv2DTranspose(16, 3 * factor, strides=factor, padding="same")(x)
    elif upsampler == "resize":
        x = layers.Conv2D(16, 3, padding="same")(layers.UpSampling2D(factor)(x))
    else:
        x = keras.ops.depth_to_space(layers.Conv2D(16 * factor**2, 3, padding="same")(x), factor)
    x = layers.Conv2D(1, 3, padding="same")(layers.ReLU()(x))
    large = layers.UpSampling2D(factor, interpolation="bicubic")(low)
    return keras.Model(low, layers.Add()([x, large]))
