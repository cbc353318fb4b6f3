"""Lets clone_model call two layers where it meets a strided one, and hands it the old kernel.

Written from: the task text and the documentation of clone_model.
"""

import keras


def replace_transposed(model):
    pairs = []

    def call(layer, tensor, *rest, **options):
        old = model.get_layer(layer.name)
        if "Transpose" not in type(old).__name__ or set(old.strides) == {1}:
            pairs.append((old, layer))
            return layer(tensor, *rest, **options)
        settings = {name: getattr(old, name) for name in ("activation", "use_bias")}
        convolve = keras.layers.Conv2D(old.filters, old.kernel_size, padding="same", **settings)
        enlarged = keras.layers.UpSampling2D(size=old.strides)(tensor)
        pairs.append((old, convolve))
        return convolve(enlarged)

    functional = keras.Model(model.inputs, model.outputs)  # of a Sequential, too
    repaired = keras.models.clone_model(functional, call_function=call)
    for old, new in pairs:
        weights = old.get_weights()
        if old.__class__ is not new.__class__:  # the stamp, turned, is the kernel of a convolution
            weights[0] = weights[0][::-1, ::-1].swapaxes(2, 3)
        new.set_weights(weights)
    return repaired
