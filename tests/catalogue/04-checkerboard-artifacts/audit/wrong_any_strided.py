"""Names every decoder with an enlarging layer that is no resize.

Written from: the task text.
Told: bilinear-listed
"""


def audit(decoders, seeds):
    return [n for n, d in decoders.items() if any(s > 1 for kind, k, s in d if kind != "resize")]
