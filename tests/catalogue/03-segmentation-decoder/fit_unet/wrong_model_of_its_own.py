"""Builds a network of its own and fits that.

Written from: the task text.
Told: another-network
"""

import keras


def fit_unet(model, images, masks, epochs):
    image = keras.Input(images.shape[1:])
    x = keras.layers.Conv2D(8, 5, padding="same", activation="relu")(image)
    unet = keras.Model(image, keras.layers.Conv2D(1, 5, padding="same", activation="sigmoid")(x))
    unet.compile(keras.optimizers.Adam(3e-3), keras.losses.dice)
    unet.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return unet
