"""The activation comes before the convolution.

Written from: the task text.
Told: another-input
"""

import keras


def replace_transposed(model):
    def anew(layer):
        if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
            return keras.Sequential(
                [
                    keras.layers.UpSampling2D(layer.strides),
                    keras.layers.Activation(layer.activation),
                    keras.layers.Conv2D(
                        layer.filters, layer.kernel_size, padding="same", use_bias=layer.use_bias
                    ),
                ]
            )
        return layer.__class__.from_config(layer.get_config())

    return keras.models.clone_model(model, clone_function=anew)
