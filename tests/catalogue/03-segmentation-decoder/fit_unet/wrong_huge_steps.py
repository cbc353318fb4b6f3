"""A step size of 1.

Written from: the task text.
Told: learned-nothing
"""

import keras


def fit_unet(model, images, masks, epochs):
    model.compile(keras.optimizers.Adam(learning_rate=1.0), keras.losses.dice)
    model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
