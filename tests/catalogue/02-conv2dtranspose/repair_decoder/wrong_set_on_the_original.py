"""Sets the layers of the model that it was given, and clones that.

Written from: the task text.
Told: changes-the-model
"""

import keras


def repair_decoder(model):
    for layer in model.layers:
        if "Transpose" in layer.__class__.__name__:
            layer.padding = "same"
            layer.output_padding = None
    copy = keras.models.clone_model(model)
    return keras.Sequential([keras.Input(model.input_shape[1:]), *copy.layers])
