"""Brings its own score.

Written from: the task text.
"""

import math

import numpy as np


def _uneven(y, period):
    phases = [y[p::period, q::period].mean((0, 1)) for p in range(period) for q in range(period)]
    return np.mean(np.std(phases, axis=0) / np.sqrt((y**2).mean((0, 1))))


def audit(decoders, seeds):
    def prone(decoder):
        period = math.prod(layer[2] for layer in decoder)
        return np.mean([_uneven(response(decoder, s), period) for s in seeds]) > 0.05  # noqa: F821

    return [name for name in decoders if prone(decoders[name])]
