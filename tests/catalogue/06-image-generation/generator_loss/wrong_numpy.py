"""Computes in NumPy, which ends the tape.

Written from: the task text.
Told: no-slope
"""

import numpy as np


def generator_loss(fake_logits):
    x = np.asarray(fake_logits)
    return float(np.mean(np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x)))))
