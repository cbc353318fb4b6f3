"""The activation of a replaced layer becomes a layer of its own.

Written from: the task text.
"""

import keras


def replace_transposed(model):
    def anew(layer):
        if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
            pair = keras.Sequential()
            pair.add(keras.layers.UpSampling2D(layer.strides))
            pair.add(
                keras.layers.Conv2D(
                    layer.filters, layer.kernel_size, padding="same", use_bias=layer.use_bias
                )
            )
            pair.add(keras.layers.Activation(layer.activation))
            return pair
        return layer.__class__.from_config(layer.get_config())

    return keras.models.clone_model(model, clone_function=anew)
