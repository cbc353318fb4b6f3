"""Leaves `batch_size` out.

Written from: the task text.
Told: batches-of-32
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(keras.optimizers.Adam(1e-2), keras.losses.dice)
    model.fit(images, masks, epochs=epochs, verbose=0)
    return model
