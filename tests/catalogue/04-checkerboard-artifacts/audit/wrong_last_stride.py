"""Scores with the stride of the last layer.

Written from: the task text.
Told: divisible-left-out
"""

import numpy as np


def audit(decoders, seeds):
    found = []
    for name, decoder in decoders.items():
        scores, s = [], decoder[-1][2]
        for seed in seeds:
            y = response(decoder, seed)  # noqa: F821
            means = [y[p::s, q::s].mean((0, 1)) for p in range(s) for q in range(s)]
            scores.append(np.mean(np.std(means, axis=0) / np.sqrt((y**2).mean((0, 1)))))
        if np.mean(scores) > 0.05:
            found.append(name)
    return found
