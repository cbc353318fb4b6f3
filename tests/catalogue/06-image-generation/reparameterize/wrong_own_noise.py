"""Draws noise of its own and ignores eps.

Written from: the task text.
Told: values, no cause
"""

import keras


def reparameterize(mean, log_var, eps):
    kind = keras.backend.standardize_dtype(eps.dtype)
    noise = keras.ops.cast(keras.random.normal(eps.shape), kind)
    return mean + keras.ops.exp(log_var / 2) * noise
