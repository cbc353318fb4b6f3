"""Any initial weights and no bias; `linear` named.

Written from: the task text.
"""

import keras


def subpixel_block(x, filters, factor=2):
    convolution = keras.layers.Conv2D(
        factor * factor * filters,
        (3, 3),
        strides=(1, 1),
        padding="same",
        activation="linear",
        use_bias=False,
        kernel_initializer="he_normal",
    )
    return keras.ops.nn.depth_to_space(convolution(x), factor)
