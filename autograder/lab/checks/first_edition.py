"""Visible checks that exercises of the first edition had, for releases that are still graded.

The module of the exercise's assignment imports them, so that a kept release finds them where they
were. Nothing of today's notebooks calls them.
"""

import math
from typing import Any

import numpy as np

from autograder.lab import oracle
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.trial import Trial


# --------------------------------------------------------------------------------- adjoint_pair
@visible_check("kernel", "x", "y", "stride", points=3)
def adjoint_pair(trial: Trial) -> None:
    """Two pairs that agree, and shapes that do not fit."""
    kernel, x = np.array([[1.0, 2.0], [3.0, 5.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    expect_pair(trial, kernel, x, np.array([[1.0, -1.0], [2.0, 0.0]]), 1)
    generator = np.random.default_rng(1)
    kernel, x, y = (generator.normal(size=shape) for shape in [(2, 3), (4, 7), (2, 3)])
    expect_pair(trial, kernel, x, y, 2)
    for x_shape, y_shape in [((4, 7), (3, 3)), ((5, 7), (2, 3))]:
        x, y = (generator.normal(size=shape) for shape in (x_shape, y_shape))
        expect_bad_shapes(trial, kernel, x, y, 2)


def expect_pair(
    trial: Trial, kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int
) -> None:
    """Compare both inner products with Keras'."""
    length = np.linalg.norm(oracle.conv2d(x, kernel, stride=stride)) * np.linalg.norm(y)
    single = any(a.dtype == np.float32 for a in (kernel, x, y))
    atol = (1e-4 if single else 1e-5) * float(length)
    trial.compare(_pair, kernel, x, y, stride, mistakes=_wrong_pairs, atol=atol)


def _pair(kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int) -> tuple[float, float]:
    forward, back = oracle.conv2d(x, kernel, stride=stride), oracle.stamps(y, kernel, stride=stride)
    if forward.shape != y.shape or back.shape != x.shape:
        raise ValueError("the shapes do not belong together")
    there, here = (forward * y).sum(), (x * back).sum()
    return float(there), float(here)


def _wrong_pairs(kernel: np.ndarray, *others: Any) -> Mistakes:
    (first, second), (first_turned, second_turned) = (
        _pair(k, *others) for k in (kernel, kernel[::-1, ::-1])
    )
    return {
        "turned-on-the-way-back": (first, second_turned),
        "turned-in-the-convolution": (first_turned, second),
        "turned-in-both": (first_turned, second_turned),
    }


def expect_bad_shapes(
    trial: Trial, kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int
) -> None:
    """Shapes that do not belong together must be refused."""
    trial.expect_error(ValueError, ("x", "y"), kernel, x, y, stride)


# --------------------------------------------------------------------------------- round_trip_error
@visible_check("x", "kernel", "stride", points=3)
def round_trip_error(trial: Trial) -> None:
    """Examples that can be worked out on paper, and a kernel that is scaled."""
    for scale in (1.0, -0.25):
        trial.compare(
            lambda _: math.sqrt(1 / 6),
            scale,
            mistakes=_wrong_errors,
            call=lambda scale: (_PAGE, scale * np.ones((2, 2)), 1),
        )
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(math.sqrt(6 / 7))  # back comes [-1, 0, 1]
    x, kernel = np.array([[1.0, 2.0, 3.0, 4.0], [0] * 4]), np.array([[1.0, 2.0], [0, 0]])
    trial.call(x, kernel, 2)
    trial.expect(math.sqrt(2 / 75))  # back comes [[5, 10, 11, 22], [0, 0, 0, 0]]
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[5.0]]), 1)
    trial.expect(0.0)
    trial.call(np.array([[2.0, 2.0, 2.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(1.0, {"zero-over-zero": math.nan, "zero-is-no-error": 0.0})


_PAGE = np.array([[1.0, 2.0], [3.0, 4.0]])


def _wrong_errors(scale: float) -> Mistakes:
    """What comes out for the page's image and a kernel in which each entry is `scale`."""
    back, size = 10 * scale**2, np.linalg.norm(_PAGE)  # `back` comes back in every entry
    return {
        "not-scaled": float(np.linalg.norm(_PAGE - back) / size),
        "not-relative": math.sqrt(5),
        "squared": 1 / 6,
        "relative-to-what-came-back": [math.sqrt(5) / (2 * back), math.sqrt(5) / 5],
        "scaled-to-the-same-length": float(np.linalg.norm(_PAGE - math.sqrt(7.5)) / size),
        "factor-over-x": float(np.linalg.norm(_PAGE - back * (10 * back / 30)) / size),
    }
