"""Forgets use_bias.

Written from: the task text.
Told: setting-changed
"""

import keras


def replace_transposed(model):
    x = image = keras.Input(model.input_shape[1:])
    made = {id(model.inputs[0]): image}
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if not isinstance(model, keras.Sequential):
            x = keras.tree.map_structure(lambda t: made[id(t)], layer.input)
        if isinstance(layer, keras.layers.Conv2DTranspose) and layer.strides != (1, 1):
            x = keras.layers.UpSampling2D(layer.strides)(x)
            x = keras.layers.Conv2D(
                layer.filters,
                layer.kernel_size,
                padding="same",
                activation=layer.activation,
            )(x)
        else:
            new = type(layer).from_config(layer.get_config())
            x = new(x)
            new.set_weights(layer.get_weights())
        made[id(layer.output)] = x
    return keras.Model(image, x)
