"""clone_model with a function that makes each layer anew, compiled at the end.

Written from: the task text.
"""

import keras


def anew(layer):
    kept = layer.get_config()
    if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
        kept["padding"] = "same"
        kept["output_padding"] = None
    return layer.__class__.from_config(kept)


def repair_decoder(model):
    repaired = keras.models.clone_model(model, clone_function=anew)
    repaired.compile("adam", loss=lambda y, p: keras.ops.mean(keras.ops.abs(y - p)))
    return repaired
