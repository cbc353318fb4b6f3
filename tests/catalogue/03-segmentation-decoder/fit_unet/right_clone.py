"""Fits a clone with new weights, with a metric and both losses.

Written from: the task text.
"""

import keras


def fit_unet(model, images, masks, epochs):
    fitted = keras.models.clone_model(model)

    def loss(y_true, y_pred):
        return keras.losses.BinaryCrossentropy()(y_true, y_pred) + keras.losses.dice(y_true, y_pred)

    fitted.compile(keras.optimizers.Adam(1e-2), loss, metrics=["accuracy"])
    fitted.fit(images, masks.astype("float32"), batch_size=8, epochs=epochs, verbose=0)
    return fitted
