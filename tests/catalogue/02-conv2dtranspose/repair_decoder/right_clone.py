"""Clones the model with a function that replaces the transposed layers.

Written from: the task text.
"""

import keras


def repair_decoder(model):
    def mended(layer):
        config = layer.get_config()
        if isinstance(layer, keras.layers.Conv2DTranspose) and layer.strides[0] == 2:
            config["padding"] = "same"
            config["output_padding"] = None
        return layer.__class__.from_config(config)

    repaired = keras.Sequential([mended(layer) for layer in model.layers])
    repaired.build((None, *model.input_shape[1:]))
    return repaired
