"""The kernel is a Constant initializer, and there is a bias of zeros.

Written from: the task text.
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    kernel = np.einsum("ij,ab->ijab", np.ones((factor, factor)), np.eye(channels))
    layer = keras.layers.Conv2DTranspose(
        channels,
        factor,
        strides=(factor, factor),
        padding="same",
        kernel_initializer=keras.initializers.Constant(kernel),
        trainable=False,
    )
    layer.build([None, None, None, channels])
    return layer
