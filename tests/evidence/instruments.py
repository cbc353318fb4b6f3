"""The two scores of a grid that notebook 04's measurements compare; the programs here call them.

Both take batches of images, (N, H, W, C), and compute in float64.
"""

import numpy as np


def surprises(images: np.ndarray, stride: int) -> dict[int, np.ndarray]:
    """(N, H, W, C) -> lag -> (N, C): how far a pixel is from the mean of the four at that lag."""
    x, m = images.astype("float64"), stride + 1
    rows, columns = x.shape[1] - 2 * m, x.shape[2] - 2 * m
    if min(rows, columns) < 1:
        raise ValueError(f"stride {stride} needs images of {2 * m + 1} pixels or more each way")

    def moved(down: int, right: int) -> np.ndarray:
        return x[:, m + down : m + down + rows, m + right : m + right + columns]

    return {
        lag: np.abs(
            moved(0, 0) - (moved(-lag, 0) + moved(lag, 0) + moved(0, -lag) + moved(0, lag)) / 4
        ).mean(axis=(1, 2))
        for lag in (stride - 1, stride, stride + 1)
    }


def grid_scores(images: np.ndarray, stride: int) -> np.ndarray:
    """(N, H, W, C) -> (N,): by how much one period away predicts better than around it.

    0 is no grid of this period, 1 is nothing but a grid. A channel whose `around` is at most 1e-5
    of its largest value scores 0.
    """
    near, at, far = surprises(images, stride).values()  # (N, C) each
    around = np.sqrt(near * far)
    told = around > 1e-5 * np.abs(images.astype("float64")).max(axis=(1, 2))
    return np.where(told, np.maximum(0, 1 - at / np.where(told, around, 1)), 0).mean(axis=1)


def phase_mean_scores(images: np.ndarray, stride: int) -> np.ndarray:
    """(N, H, W, C) -> (N,): the first edition's score, std of phase means over root mean square."""
    rows, columns = (n // stride * stride for n in images.shape[1:3])
    x = images[:, :rows, :columns].astype("float64")
    means = np.stack(
        [x[:, p::stride, q::stride].mean((1, 2)) for p, q in np.ndindex(2 * (stride,))]
    )
    size = np.sqrt(np.mean(x**2, axis=(1, 2)))  # (N, C)
    return (means.std(axis=0) / np.where(size == 0, 1, size)).mean(axis=1)
