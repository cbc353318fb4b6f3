"""Compares every pair of objects.

Written from: the task text.
"""


def match_instances(true, pred, threshold=0.5):
    if threshold < 0.5 or threshold >= 1:
        raise ValueError("threshold must be in [0.5, 1)")

    objects = [true == n for n in set(true.ravel().tolist()) if n]
    others = [pred == n for n in set(pred.ravel().tolist()) if n]
    hits = 0
    for one in objects:
        for other in others:
            if (one & other).sum() > threshold * (one | other).sum():
                hits += 1
    return [hits, len(others) - hits, len(objects) - hits]
