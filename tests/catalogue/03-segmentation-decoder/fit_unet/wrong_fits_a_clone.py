"""Fits a clone, and returns the model that was given.

Written from: the task text.
Told: not-fitted
"""

import keras


def fit_unet(model, images, masks, epochs):
    fitted = keras.models.clone_model(model)
    fitted.compile(keras.optimizers.Adam(3e-3), keras.losses.dice)
    fitted.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
