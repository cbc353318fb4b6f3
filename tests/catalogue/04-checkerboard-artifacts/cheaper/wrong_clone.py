"""Clones the model.

Written from: the task text.
Told: pair-left
"""

import keras


def cheaper(model):
    new = keras.models.clone_model(model)
    new.set_weights(model.get_weights())
    return new
