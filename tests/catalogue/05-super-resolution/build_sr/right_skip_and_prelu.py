"""A skip connection at low resolution, `elu` and `PReLU`.

Written from: the task text.
"""

import keras


def build_sr(upsampler, factor=2):
    layers = keras.layers
    low = keras.Input((None, None, 1))
    first = layers.Conv2D(24, 3, padding="same")(low)
    x = layers.Activation("relu")(first)
    x = layers.Conv2D(24, 3, padding="same", activation="elu")(x)
    x = layers.Add()([x, first])
    block = {
        "transpose": [layers.Conv2DTranspose(12, 3 * factor, strides=factor, padding="same")],
        "resize": [layers.UpSampling2D(factor), layers.Conv2D(12, 3, padding="same")],
        "subpixel": [layers.Conv2D(12 * factor**2, 3, padding="same")],
    }[upsampler]
    for layer in block:
        x = layer(x)
    if upsampler == "subpixel":
        x = keras.ops.depth_to_space(x, factor)
    x = layers.Conv2D(1, 3, padding="same")(layers.PReLU(shared_axes=[1, 2])(x))
    enlarged = layers.UpSampling2D(factor, interpolation="bicubic")(low)
    return keras.Model(low, layers.add([enlarged, x]))
