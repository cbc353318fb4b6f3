"""A class of its own that calls the new layers one after another.

Written from: the task text.
"""

import keras


class Repaired(keras.Model):
    def __init__(self, model):
        super().__init__()
        self.steps = []
        for layer in model.layers:
            config = layer.get_config()
            if isinstance(layer, keras.layers.Conv2DTranspose):
                config.update(padding="same", output_padding=None)
            self.steps.append(type(layer).from_config(config))
        self(keras.Input(model.input_shape[1:]))

    def call(self, x):
        for step in self.steps:
            x = step(x)
        return x


def repair_decoder(model):
    return Repaired(model)
