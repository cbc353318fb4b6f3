"""Returns the layer that Keras has for it.

Written from: the task text.
Told: not-a-conv2dtranspose
"""

import keras


def nearest_layer(factor, channels):
    return keras.layers.UpSampling2D(factor)
