"""Sets the strides of the caller's layers to 1.

Written from: the task text.
Told: changes-the-model
"""

import keras


def replace_transposed(model):
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            layer.strides = (1, 1)
    return model
