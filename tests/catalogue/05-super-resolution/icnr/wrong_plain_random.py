"""No copies at all.

Written from: the task text.
Told: grid
"""


def icnr(shape, factor, rng):
    return rng.normal(0, 0.1, shape).astype("float32")
