"""Returns the means.

Written from: the task text.
Told: returns-argument
"""


def reparameterize(mean, log_var, eps):
    return mean + 0 * eps
