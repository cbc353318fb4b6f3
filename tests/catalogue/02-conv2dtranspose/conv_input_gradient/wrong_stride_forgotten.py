"""Leaves the stride at its default.

Written from: the task text.
Told: stride-forgotten
"""

import keras


def conv_input_gradient(kernel, upstream, stride):
    return keras.ops.conv_transpose(upstream, kernel)
