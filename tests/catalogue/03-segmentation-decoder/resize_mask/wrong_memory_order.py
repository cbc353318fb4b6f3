"""Repeats the pixels in the order of memory.

Written from: the task text.
Told: memory-order
"""


def resize_mask(mask, factor):
    rows, columns = mask.shape
    return mask.repeat(factor * factor).reshape(rows * factor, columns * factor)
