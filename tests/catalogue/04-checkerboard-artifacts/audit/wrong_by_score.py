"""Sorts the names by their scores.

Written from: the task text.
Told: another-order
"""

import numpy as np


def audit(decoders, seeds):
    scores = {}
    for name, decoder in decoders.items():
        outputs = [response(decoder, seed) for seed in seeds]  # noqa: F821
        scores[name] = np.mean([np.ptp(y, axis=(0, 1)).max() for y in outputs])
    return sorted((name for name in scores if scores[name] > 0.05), key=scores.get)
