"""Looks at kernel sizes.

Written from: the task text.
Told: divisible-left-out
"""


def audit(decoders, seeds):
    return [n for n, d in decoders.items() if any(k % s for kind, k, s in d if kind == "transpose")]
