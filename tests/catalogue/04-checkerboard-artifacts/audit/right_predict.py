"""Sorted names, by predict, as a tuple.

Written from: the task text.
"""


def audit(models, noises, period, limit=0.1):
    names = []
    for name in sorted(noises):
        images = models[name].predict(noises[name], verbose=0)
        total = 0.0
        for index in range(len(images)):
            total += grid_score(images[index], period)  # noqa: F821
        if total / len(images) > limit:
            names.append(name)
    return tuple(names)
