"""Sets the padding of the caller's layers.

Written from: the task text.
Told: changes-the-model
"""

import keras


def repair_decoder(model):
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            layer.padding = "same"
            layer.output_padding = None
    return keras.Sequential(
        [keras.Input(model.input_shape[1:])]
        + [type(layer).from_config(layer.get_config()) for layer in model.layers]
    )
