"""Keeps an eighth of the images for validation, in the order given.

Written from: the task text.
"""

import keras


def fit_unet(model, images, masks, epochs):
    class_loss = keras.losses.BinaryCrossentropy()
    model.compile(
        keras.optimizers.Adam(5e-3),
        lambda y_true, y_pred: class_loss(y_true, y_pred) + 2 * keras.losses.dice(y_true, y_pred),
    )
    model.fit(images, masks, 8, epochs, verbose=0, validation_split=0.125, shuffle=False)
    return model
