"""Gives the score as the loss, which is then made small.

Written from: the task text.
Told: learned-nothing
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(
        keras.optimizers.Adam(3e-3), lambda y_true, y_pred: 1 - keras.losses.dice(y_true, y_pred)
    )
    model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
