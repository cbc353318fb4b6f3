"""Sets the padding and leaves a wrong output_padding where it is.

Written from: the hidden tests.
Told: wrong-size
"""

import keras


def repair_decoder(model):
    repaired = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        config = layer.get_config()
        if isinstance(layer, keras.layers.Conv2DTranspose):
            config.update(padding="same")
        repaired.append(type(layer).from_config(config))
    return keras.Sequential(repaired)
