"""Recompiles the model in the hope that it is built anew.

Written from: the task text.
Told: returned-the-model
"""


def repair_decoder(model):
    model.compile(loss="mse")
    return model
