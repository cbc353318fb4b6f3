"""Clones the model; a Sequential stands for each convolution, an identity for each resize.

Written from: the task text.
"""

import keras
import numpy as np


def cheaper(model):
    layers = keras.layers
    if isinstance(model, keras.Sequential):
        image = keras.Input(model.input_shape[1:])
        x = image
        chain = {}
        for layer in model.layers:
            same = type(layer).from_config(layer.get_config())
            x = same(x)
            same.set_weights(layer.get_weights())
            chain[same.name] = layer
        model = keras.Model(image, x)
    ups = {id(u.output): u for u in model.layers if isinstance(u, layers.UpSampling2D)}
    pairs = {}
    for conv in model.layers:
        if isinstance(conv, layers.Conv2D) and id(conv.input) in ups:
            up = ups[id(conv.input)]
            k, s = conv.kernel_size[0], up.size[0]
            square = len({*conv.kernel_size}) == len({*up.size}) == 1 and conv.padding == "same"
            plain = conv.groups == 1 and {*conv.strides, *conv.dilation_rate} == {1}
            if up.interpolation == "nearest" and square and plain and k % 2 and k >= s:
                pairs[conv.name] = up
    skipped = {up.name for up in pairs.values()}

    def clone(layer):
        if layer.name in skipped:
            return layers.Identity(name=layer.name)
        if layer.name not in pairs:
            return type(layer).from_config(layer.get_config())
        k, s = layer.kernel_size[0], pairs[layer.name].size[0]
        pad = 1 if k < 2 * s - 1 else 0
        crop = (k - 1) // 2 - (s - 1) + pad * s
        return keras.Sequential(
            [
                keras.Input(pairs[layer.name].input.shape[1:]),
                layers.ZeroPadding2D(pad),
                layers.Conv2DTranspose(layer.filters, k, s, use_bias=layer.use_bias),
                layers.AveragePooling2D(s, 1),
                layers.Cropping2D(crop),
                layers.Activation(layer.activation),
            ],
            name=layer.name,
        )

    new = keras.models.clone_model(model, clone_function=clone)
    for layer in model.layers:
        weights = layer.get_weights()
        if layer.name in pairs:
            s = pairs[layer.name].size[0]
            weights[0] = s * s * np.transpose(np.rot90(weights[0], 2), (0, 1, 3, 2))
        if weights:
            new.get_layer(layer.name).set_weights(weights)
    return new
