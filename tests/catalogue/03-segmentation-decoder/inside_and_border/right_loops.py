"""Looks at each pixel's neighbors in turn.

Written from: the task text.
"""

import numpy as np


def inside_and_border(instances):
    rows, columns = instances.shape
    result = np.zeros((rows, columns), np.uint8)
    for i in range(rows):
        for j in range(columns):
            if instances[i, j] == 0:
                continue
            result[i, j] = 1
            for k, m in [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]:
                if 0 <= k < rows and 0 <= m < columns and instances[k, m] != instances[i, j]:
                    result[i, j] = 2
    return result
