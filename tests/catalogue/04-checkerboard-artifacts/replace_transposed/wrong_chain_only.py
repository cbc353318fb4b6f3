"""Treats every model as a chain.

Written from: the task text.
Told: raises-ValueError, no cause
"""

import keras


def replace_transposed(model):
    layers = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
            layers.append(keras.layers.UpSampling2D(layer.strides))
            layers.append(
                keras.layers.Conv2D(
                    layer.filters,
                    layer.kernel_size,
                    padding="same",
                    activation=layer.activation,
                    use_bias=layer.use_bias,
                )
            )
        else:
            layers.append(layer.__class__.from_config(layer.get_config()))
    return keras.Sequential(layers)
