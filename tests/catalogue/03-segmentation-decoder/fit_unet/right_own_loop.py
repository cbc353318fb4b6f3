"""Takes the steps itself.

Written from: the task text.
"""

import keras
import numpy as np
import tensorflow as tf


def fit_unet(model, images, masks, epochs):
    optimizer = keras.optimizers.Adam(3e-3)
    for _ in [*range(epochs)]:
        order = np.random.permutation(len(images))
        for start in range(0, len(images), 8):
            chosen = order[start : start + 8]
            with tf.GradientTape() as tape:
                answers = model(images[chosen], training=True)
                loss = keras.losses.dice(tf.constant(masks[chosen], tf.float32), answers)
            weights = [variable.value for variable in model.trainable_variables]
            optimizer.apply(tape.gradient(loss, weights), model.trainable_variables)
    return model
