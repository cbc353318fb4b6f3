"""Takes the stride for the kernel and the kernel for the stride.

Written from: the task text.
Told: kernel-and-stride-swapped
"""

import numpy as np


def overlap_count(n, kernel_size, stride):
    length = (n - 1) * kernel_size + stride
    counts = np.zeros((length, length), int)
    for i, j in np.ndindex(n, n):
        counts[i * kernel_size :, j * kernel_size :][:stride, :stride] += 1
    return counts
