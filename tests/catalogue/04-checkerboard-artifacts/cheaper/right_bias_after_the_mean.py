"""Pads before the mean, and adds every bias by a layer of its own behind it.

Written from: the task text.
"""

import keras
import numpy as np

L = keras.layers


def cheaper(model):
    tensors = {}
    producer = {}
    readers = {}
    sequential = isinstance(model, keras.Sequential)
    layers = [layer for layer in model.layers if not isinstance(layer, L.InputLayer)]
    for index, layer in enumerate(layers):
        before = layers[index - 1] if index else None
        producer[layer.name] = (
            before if sequential else next((p for p in layers if p.output is layer.input), None)
        )
        if producer[layer.name] is not None:
            readers.setdefault(producer[layer.name].name, []).append(layer)

    start = keras.Input(model.input_shape[1:])

    def is_pair(up, conv):
        if not isinstance(up, L.UpSampling2D) or up.interpolation != "nearest":
            return False
        if not isinstance(conv, L.Conv2D) or conv.padding != "same":
            return False
        if conv.groups != 1 or max(*conv.strides, *conv.dilation_rate) > 1:
            return False
        (kh, kw), (sh, sw) = conv.kernel_size, up.size
        return kh == kw and sh == sw and kh % 2 == 1 and kh >= sh

    def given(layer):
        if sequential:
            index = layers.index(layer)
            return tensors[layers[index - 1].name] if index else start
        if isinstance(layer.input, list):
            return [tensor_of(t) for t in layer.input]
        return tensor_of(layer.input)

    def tensor_of(old):
        if old is model.inputs[0]:
            return start
        return tensors[next(p for p in layers if p.output is old).name]

    for layer in layers:
        up = producer[layer.name]
        if isinstance(layer, L.UpSampling2D) and any(
            is_pair(layer, r) for r in readers.get(layer.name, [])
        ):
            tensors[layer.name] = given(layer)  # left out: the pair's input goes through
            continue
        x = given(layer)
        if up is not None and is_pair(up, layer):
            k, s = layer.kernel_size[0], up.size[0]
            weights = layer.get_weights()
            stamp = L.Conv2DTranspose(layer.filters, k, s, padding="valid", use_bias=False)
            x = stamp(x)
            stamp.set_weights([np.flip(weights[0], (0, 1)).transpose(0, 1, 3, 2) * s * s])
            extra = (s - 1) - (k - 1) // 2
            if extra > 0:
                x = L.ZeroPadding2D(extra)(x)
            x = L.AveragePooling2D(s, 1)(x)
            if extra < 0:
                x = L.Cropping2D(-extra)(x)
            if layer.use_bias:
                bias = L.DepthwiseConv2D(1)
                x = bias(x)
                bias.set_weights([np.ones((1, 1, layer.filters, 1)), weights[1]])
            tensors[layer.name] = L.Activation(layer.activation)(x)
        else:
            copy = layer.__class__.from_config(layer.get_config())
            tensors[layer.name] = copy(x)
            copy.set_weights(layer.get_weights())
    last = layers[-1] if sequential else next(p for p in layers if p.output is model.outputs[0])
    return keras.Model(start, tensors[last.name])
