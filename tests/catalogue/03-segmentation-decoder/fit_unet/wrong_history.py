"""Returns what `fit` returns.

Written from: the task text.
Told: returns-history
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(keras.optimizers.Adam(3e-3), dice_loss)  # noqa: F821 (exercise 8)
    return model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
