"""Sets all kernels to 2x2, for which `valid` doubles exactly.

Written from: the task text.
Told: setting-changed
"""

import keras


def repair_decoder(model):
    layers = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        config = layer.get_config()
        if isinstance(layer, keras.layers.Conv2DTranspose):
            config |= {"padding": "valid", "output_padding": None, "kernel_size": (2, 2)}
        layers.append(type(layer).from_config(config))
    return keras.Sequential(layers)
