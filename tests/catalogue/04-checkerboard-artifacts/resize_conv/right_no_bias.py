"""Without a bias, by keywords.

Written from: the task text.
"""

from keras import layers


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    large = layers.UpSampling2D(size=(factor, factor), interpolation=interpolation)(x)
    return layers.Conv2D(filters, kernel_size, strides=1, padding="same", use_bias=False)(large)
