"""Makes the strided layers anew and keeps the caller's other layers.

Written from: the task text.
Told: reuses-layers
"""

import keras


def repair_decoder(model):
    repaired = keras.Sequential([keras.Input(model.input_shape[1:])])
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            config = layer.get_config() | {"padding": "same", "output_padding": None}
            layer = keras.layers.Conv2DTranspose.from_config(config)
        repaired.add(layer)
    return repaired
