"""More filters, bilinear enlargement, 4x4 and other kernels, and the reshape inside a layer.

Written from: the task text.
"""

import keras


def build_sr(upsampler, factor=2):
    L = keras.layers
    image = keras.Input((None, None, 1))
    x = L.Conv2D(48, 5, padding="same", activation="relu")(image)
    x = L.Conv2D(24, 3, padding="same", activation="relu")(x)
    if upsampler == "transpose":
        x = L.Conv2DTranspose(16, 2 * factor, strides=factor, padding="same")(x)
    if upsampler == "resize":
        x = L.UpSampling2D(factor, interpolation="bilinear")(x)
        x = L.Conv2D(16, 3, padding="same")(x)
    if upsampler == "subpixel":
        x = keras.ops.depth_to_space(L.Conv2D(16 * factor**2, 3, padding="same")(x), factor)
    x = L.ReLU()(x)
    x = L.Conv2D(1, 5, padding="same")(x)
    return keras.Model(image, x + L.UpSampling2D(factor, interpolation="bilinear")(image))
