"""Gives each batch the mean 0 and the deviation 1.

Written from: the task text.
Told: other-images
"""

import keras


def fit_unet(model, images, masks, epochs):
    images = (images - images.mean()) / images.std()
    model.compile(keras.optimizers.Adam(3e-3), keras.losses.dice)
    model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
