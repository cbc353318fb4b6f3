"""NumPy throughout: no gradient.

Written from: the task text.
Told: no-slope
"""

import numpy as np


def reparameterize(mean, log_var, eps):
    return np.asarray(mean) + np.exp(np.asarray(log_var) / 2) * np.asarray(eps)
