"""Makes the kernel anew for each channel, so that the last one is left.

Written from: the task text.
Told: last-channel-only
"""

import keras
import numpy as np


def nearest_layer(factor, channels):
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    for channel in range(channels):
        kernel = np.zeros((factor, factor, channels, channels))
        kernel[:, :, channel, channel] = 1
    layer.set_weights([kernel])
    return layer
