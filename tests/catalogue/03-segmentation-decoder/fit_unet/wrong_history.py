"""Returns what `fit` returns.

Written from: the task text.
Told: returns-history
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(keras.optimizers.Adam(3e-3), keras.losses.dice)
    return model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
