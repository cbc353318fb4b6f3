"""Holds every transposed convolution for prone, those of stride 1 included.

Written from: the task text.
Told: listed
"""


def audit(decoders, seeds):
    return [
        name
        for name, decoder in decoders.items()
        if any(kind == "transpose" for kind, _, _ in decoder)
    ]
