"""Pads the input of every stamp, crops by slicing, builds backwards.

Written from: the task text.
"""

import keras


def cheaper(model):
    image = keras.Input(model.input_shape[1:])
    if isinstance(model, keras.Sequential):
        x, waiting = image, None
        for layer in model.layers:
            if waiting is not None:
                if _fits(waiting, layer):
                    x = _replace(waiting, layer)(x)
                    waiting = None
                    continue
                x, waiting = _copy(waiting)(x), None
            if isinstance(layer, keras.layers.UpSampling2D):
                waiting = layer
                continue
            x = _copy(layer)(x)
        return keras.Model(image, x)

    memory = {model.inputs[0].name: image}
    made_by = {layer.output.name: layer for layer in model.layers}

    def build(tensor):
        if tensor.name not in memory:
            layer = made_by[tensor.name]
            source = layer.input
            if isinstance(source, list):
                memory[tensor.name] = _copy(layer)([build(t) for t in source])
            else:
                up = made_by[source.name]
                if _fits(up, layer):
                    memory[tensor.name] = _replace(up, layer)(build(up.input))
                else:
                    memory[tensor.name] = _copy(layer)(build(source))
        return memory[tensor.name]

    return keras.Model(image, build(model.outputs[0]))


def _copy(layer):
    def call(x):
        new = type(layer).from_config(layer.get_config())
        y = new(x)
        new.set_weights(layer.get_weights())
        return y

    return call


def _fits(up, layer):
    L = keras.layers
    if not (isinstance(up, L.UpSampling2D) and isinstance(layer, L.Conv2D)):
        return False
    k, s = layer.kernel_size, up.size
    square = k[0] == k[1] and s[0] == s[1] and layer.padding == "same"
    if layer.strides != (1, 1) or layer.dilation_rate != (1, 1) or layer.groups > 1:
        return False
    return square and k[0] % 2 == 1 and k[0] >= s[0] and up.interpolation == "nearest"


def _replace(up, layer):
    L = keras.layers
    k, s = layer.kernel_size[0], up.size[0]

    def call(x):
        weights = layer.get_weights()
        new = L.Conv2DTranspose(layer.filters, k, strides=s, use_bias=layer.use_bias)
        y = new(L.ZeroPadding2D(1)(x))  # always, and more is cropped afterwards
        new.set_weights([s**2 * weights[0][::-1, ::-1].swapaxes(2, 3), *weights[1:]])
        y = keras.ops.average_pool(y, s, 1)
        crop = (k + 1) // 2
        y = y[:, crop:-crop, crop:-crop, :]
        return layer.activation(y)

    return call
