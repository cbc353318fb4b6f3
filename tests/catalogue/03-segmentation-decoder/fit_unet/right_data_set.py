"""Shuffles, repeats nothing and makes batches by tf.data.

Written from: the task text.
"""

import keras
import tensorflow as tf


def fit_unet(model, images, masks, epochs):
    batches = tf.data.Dataset.from_tensor_slices((images, tf.cast(masks, tf.float32)))
    model.compile(keras.optimizers.RMSprop(3e-3), keras.losses.dice)
    model.fit(batches.shuffle(1000).batch(8), epochs=epochs, verbose=0)
    return model
