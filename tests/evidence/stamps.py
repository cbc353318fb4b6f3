"""Kernels of upsamplers, and their flat order by two methods; programs and facts import it.

A kernel has flat order m at a stride if stamping every polynomial of total degree below m leaves no
part that repeats with the stride.
"""

from collections.abc import Callable

import numpy as np

TOL = 1e-6


# --------------------------------------------------------------------------------------- kernels
def full(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Full convolution of two kernels."""
    shape = [n + m - 1 for n, m in zip(a.shape, b.shape, strict=True)]
    found = np.zeros(shape)
    for (row, column), value in np.ndenumerate(a):
        found[row : row + b.shape[0], column : column + b.shape[1]] += value * b
    return found


def outer(*row: float) -> np.ndarray:
    return np.outer(row, row).astype("float64")


def box(stride: int, times: int = 1) -> np.ndarray:
    found = np.ones((1, 1))
    for _ in range(times):
        found = full(found, np.ones((stride, stride)))
    return found


def sampled(function: Callable[[float], float], stride: int, radius: int, half: bool) -> np.ndarray:
    """An interpolation kernel at half-pixel positions, or with one sample at its center."""
    count = 2 * radius * stride - (0 if half and stride % 2 == 0 else 1)
    at = (np.arange(count) - (count - 1) / 2) / stride
    row = np.array([function(abs(x)) for x in at])
    return np.outer(row, row).astype("float64")


def cubic(a: float) -> Callable[[float], float]:
    def value(x: float) -> float:
        if x <= 1:
            return (a + 2) * x**3 - (a + 3) * x**2 + 1
        return a * (x**3 - 5 * x**2 + 8 * x - 4) if x < 2 else 0.0

    return value


def tent(x: float) -> float:
    return max(0.0, 1 - x)


def lanczos(x: float) -> float:
    return float(np.sinc(x) * np.sinc(x / 3)) if x < 3 else 0.0


def evened(kernel: np.ndarray, stride: int) -> np.ndarray:
    """Each phase over its sum, as resizing does where it normalizes the weights."""
    kernel = kernel.copy()
    for p, q in np.ndindex(stride, stride):
        kernel[p::stride, q::stride] /= kernel[p::stride, q::stride].sum()
    return kernel


def spread(kernel: np.ndarray, stride: int) -> np.ndarray:
    """Zeros between the taps: what a later layer of this stride makes of a stamp."""
    found = np.zeros([(n - 1) * stride + 1 for n in kernel.shape])
    found[::stride, ::stride] = kernel
    return found


def icnr(stride: int, kernel: np.ndarray) -> np.ndarray:
    """The stamp of a sub-pixel layer whose sub-kernels are all this kernel, turned."""
    return np.kron(kernel[::-1, ::-1], np.ones((stride, stride)))


def mirrored(corner: np.ndarray) -> np.ndarray:
    """(n, m) -> (2n, 2m): a kernel that is its own mirror image in both axes."""
    half = np.concatenate([corner, corner[::-1]])
    return np.concatenate([half, half[:, ::-1]], axis=1)


# --------------------------------------------------------------------------------------- methods
def degrees(order: int) -> list[tuple[int, int]]:
    """All exponents of two variables whose sum is `order`."""
    return [(a, order - a) for a in range(order + 1)]


def _first(shape: tuple[int, ...], holds: Callable[[int, int], bool]) -> int:
    """The first degree at which `holds` fails."""
    most = sum(shape) - 2
    return next((n for n in range(most) if not all(holds(a, b) for a, b in degrees(n))), most)


def _axes(kernel: np.ndarray) -> list[np.ndarray]:
    """Indices scaled to [-1, 1]."""
    return [np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in kernel.shape]


def order_by_moments(kernel: np.ndarray, stride: int) -> int:
    rows, columns = _axes(kernel)
    size = np.abs(kernel).sum()

    def holds(a: int, b: int) -> bool:
        terms = kernel * rows[:, None] ** a * columns**b
        sums = [terms[p::stride, q::stride].sum() for p, q in np.ndindex(stride, stride)]
        return np.ptp(sums) <= TOL * size

    return _first(kernel.shape, holds)


def vanishing(kernel: np.ndarray, stride: int, q: tuple[int, int]) -> int:
    """How many orders of derivatives of the frequency response vanish at 2*pi*q/stride."""
    rows, columns = _axes(kernel)
    turns = [
        np.exp(-2j * np.pi * f * np.arange(n) / stride)
        for f, n in zip(q, kernel.shape, strict=True)
    ]
    size = np.abs(kernel).sum()

    def holds(a: int, b: int) -> bool:
        return abs((rows**a * turns[0]) @ kernel @ (columns**b * turns[1])) <= TOL * size

    return _first(kernel.shape, holds)


def order_by_response(kernel: np.ndarray, stride: int) -> int:
    return min(vanishing(kernel, stride, q) for q in np.ndindex(stride, stride) if any(q))
