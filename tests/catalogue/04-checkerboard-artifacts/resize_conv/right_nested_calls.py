"""In one expression.

Written from: the task text.
"""

import keras


def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    return keras.layers.Conv2D(filters, (kernel_size, kernel_size), padding="same")(
        keras.layers.UpSampling2D((factor, factor), interpolation=interpolation)(x)
    )
