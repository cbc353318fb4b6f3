"""Changes the settings in the model's JSON text.

Written from: the task text.
"""

import json

import keras


def repair_decoder(model):
    text = json.loads(model.to_json())
    for layer in text["config"]["layers"]:
        if layer["class_name"] == "Conv2DTranspose":
            layer["config"].update(padding="same", output_padding=None)
    return keras.models.model_from_json(json.dumps(text))
