"""Compares each output with itself, shifted by one row or column.

Written from: the task text.
"""

import numpy as np


def audit(decoders, seeds):
    found = []
    for name, decoder in decoders.items():
        values = []
        for seed in seeds:
            y = response(decoder, seed)  # noqa: F821
            steps = np.abs(np.diff(y, axis=0)).max() + np.abs(np.diff(y, axis=1)).max()
            values.append(steps / np.abs(y).max())
        if sum(values) / len(values) > 0.05:
            found.append(name)
    return found
