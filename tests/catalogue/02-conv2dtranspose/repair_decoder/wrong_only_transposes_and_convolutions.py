"""Drops the layers between the convolutions, because only convolutions have sizes.

Written from: the hidden tests.
Told: layers, by the hidden tests
"""

import keras


def repair_decoder(model):
    repaired = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        config = layer.get_config()
        if isinstance(layer, keras.layers.Conv2DTranspose):
            config.update(padding="same", output_padding=None)
        if "filters" in config:
            repaired.append(type(layer).from_config(config))
    return keras.Sequential(repaired)
