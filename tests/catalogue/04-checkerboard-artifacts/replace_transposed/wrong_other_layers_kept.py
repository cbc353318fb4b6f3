"""Makes only the replaced layers anew and keeps the caller's other layers.

Written from: the task text.
Told: reuses-layers
"""

import keras


def replace_transposed(model):
    def anew(layer):
        if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
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
        return layer

    return keras.models.clone_model(model, clone_function=anew)
