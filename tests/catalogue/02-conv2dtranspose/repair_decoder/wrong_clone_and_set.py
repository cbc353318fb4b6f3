"""Clones, and sets the padding of the copy's layers, which are built already.

Written from: the task text.
Told: set-after-building
"""

import keras


def repair_decoder(model):
    repaired = keras.models.clone_model(model)
    for layer in repaired.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            layer.padding, layer.output_padding = "same", None
    return repaired
