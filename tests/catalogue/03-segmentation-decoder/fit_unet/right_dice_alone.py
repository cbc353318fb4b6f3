"""The Dice loss alone, with Adam's own step size.

Written from: the task text.
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(optimizer="adam", loss=keras.losses.dice)
    model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
