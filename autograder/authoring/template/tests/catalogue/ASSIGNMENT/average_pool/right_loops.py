"""Takes the mean of one block after the other.

Written from: the task text.
"""

import numpy as np


def average_pool(x, factor):
    means = np.empty((x.shape[0] // factor, x.shape[1] // factor))
    for i, j in np.ndindex(means.shape):
        means[i, j] = np.mean(x[i * factor : (i + 1) * factor, j * factor : (j + 1) * factor])
    return means
