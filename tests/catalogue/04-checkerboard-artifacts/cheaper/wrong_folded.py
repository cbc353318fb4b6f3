"""Folds resize and convolution into one larger stamp.

Written from: the task text.
Told: folded
"""

import keras
import numpy as np


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
    kernel, *bias = layer.get_weights()
    turned = kernel[::-1, ::-1].swapaxes(2, 3)
    stamp = sum(
        np.pad(turned, ((i, s - 1 - i), (j, s - 1 - j), (0, 0), (0, 0)))
        for i in range(s)
        for j in range(s)
    )
    new = keras.layers.Conv2DTranspose(layer.filters, k + s - 1, strides=s, use_bias=bool(bias))
    x = new(keras.layers.ZeroPadding2D(1)(x))
    new.set_weights([stamp, *bias])
    x = keras.layers.Cropping2D(s + (k - 1) // 2)(x)
    return keras.layers.Activation(layer.activation)(x)
