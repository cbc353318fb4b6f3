"""Builds a network of its own and fits that.

Written from: the task text.
Told: another-network
"""

import keras


def fit_unet(model, images, masks, epochs):
    unet = build_unet(images.shape[1:], 1, 8)  # noqa: F821 (exercise 7)
    unet.compile(keras.optimizers.Adam(3e-3), dice_loss)  # noqa: F821 (exercise 8)
    unet.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return unet
