"""Divides by 255 what lies in [0, 1] already.

Written from: the task text.
Told: other-images
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(keras.optimizers.Adam(3e-3), keras.losses.dice)
    model.fit(images / 255, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
