"""A step size of a millionth.

Written from: the task text.
Told: learned-nothing
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(keras.optimizers.Adam(1e-6), keras.losses.dice)
    model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
