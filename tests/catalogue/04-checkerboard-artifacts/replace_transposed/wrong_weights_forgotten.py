"""Clones without the weights.

Written from: the task text.
Told: weights-lost
"""

import keras


def replace_transposed(model):
    def copy(layer):
        if not isinstance(layer, keras.layers.Conv2DTranspose) or layer.strides == (1, 1):
            return type(layer).from_config(layer.get_config())
        return keras.Sequential(
            [
                keras.layers.UpSampling2D(layer.strides),
                keras.layers.Conv2D(
                    layer.filters,
                    layer.kernel_size,
                    padding="same",
                    activation=layer.activation,
                    use_bias=layer.use_bias,
                ),
            ]
        )

    return keras.models.clone_model(model, clone_function=copy)
