"""Returns the model as it is.

Written from: the task text.
Told: returned-the-model
"""


def cheaper(model):
    return model
