"""Returns the argument.

Written from: the task text.
Told: returns-argument
"""


def insert_zeros(x, stride):
    return x.copy()
