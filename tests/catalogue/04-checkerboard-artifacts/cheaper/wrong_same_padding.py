"""Lets the stamp keep `same` padding.

Written from: the task text.
Told: output-shape
"""

import keras


def cheaper(model):
    layers = keras.layers
    x = image = keras.Input(model.input_shape[1:])
    made = {id(model.inputs[0]): image}
    low = {}
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            continue
        if not isinstance(model, keras.Sequential):
            several = isinstance(layer.input, list)
            x = [made[id(t)] for t in layer.input] if several else made[id(layer.input)]
        k = layer.kernel_size[0] if isinstance(layer, layers.Conv2D) else 0
        if id(x) in low and k % 2 and k >= low[id(x)][1]:
            x, s = low[id(x)]
            x = replacement(layer, k, s, x)
        else:
            new = type(layer).from_config(layer.get_config())
            y = new(x)
            new.set_weights(layer.get_weights())
            if isinstance(layer, layers.UpSampling2D) and layer.interpolation == "nearest":
                low[id(y)] = x, layer.size[0]
            x = y
        made[id(layer.output)] = x
    return keras.Model(image, x)


def replacement(layer, k, s, x):
    layers = keras.layers
    pad = int(s - 1 > (k - 1) // 2)
    stamps = layers.Conv2DTranspose(
        layer.filters, k, strides=s, padding="same", use_bias=layer.use_bias
    )
    x = stamps(layers.ZeroPadding2D(pad)(x))
    kernel, *bias = layer.get_weights()
    kernel = kernel[::-1, ::-1].swapaxes(2, 3) * s**2
    stamps.set_weights([kernel, *bias])
    x = layers.AveragePooling2D(s, strides=1)(x)
    x = layers.Cropping2D((k - 1) // 2 - (s - 1) + s * pad)(x)
    return layers.Activation(layer.activation)(x)
