"""Draws noise of its own and ignores eps.

Written from: the task text.
"""

import keras


def reparameterize(mean, log_var, eps):
    noise = keras.random.normal(
        eps.shape, dtype=str(eps.dtype).split("'")[-2] if "'" in str(eps.dtype) else str(eps.dtype)
    )
    return mean + keras.ops.exp(log_var / 2) * noise
