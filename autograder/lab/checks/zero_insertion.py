"""Visible checks of assignment 01-zero-insertion, for its notebook and its hidden tests.

Right answers come from Keras through `lab.oracle`, from stored values or from properties.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import product
from typing import Any, NoReturn

import keras
import numpy as np

from autograder.lab import adjoints, causes, oracle
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.checks.first_edition import (  # noqa: F401  (kept releases find them here)
    adjoint_pair,
    expect_bad_shapes,
    expect_pair,
    round_trip_error,
)
from autograder.lab.shown import describe, largest, plain
from autograder.lab.trial import Trial

_SEED = 1
_STRIDES = (1, 2, 3, 4)


def draw(
    generator: np.random.Generator,
    shape: tuple[int, ...],
    dtype: str = "float64",
    layout: str = "rows",
) -> np.ndarray:
    """Random normal numbers in one of the memory layouts that an exercise may be handed.

    Args:
        generator: Where the numbers come from.
        shape: Of the result.
        dtype: Of the result.
        layout: "rows" (C order), "columns" (Fortran order), "sliced" (every second entry of a
            larger array) or "reversed" (negative strides).
    """
    values = generator.normal(0, 1, shape).astype(dtype)
    if layout == "columns":
        return np.asfortranarray(values)
    if layout == "sliced":
        larger = np.zeros([2 * n for n in shape], dtype)
        every_second = tuple(slice(None, None, 2) for _ in shape)
        larger[every_second] = values
        return larger[every_second]
    if layout == "reversed":
        return np.flip(np.flip(values).copy())
    return values


def _examples(*drawn: tuple) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """x, kernel and stride: an example for the page, then one for each (shape, size, stride)."""
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3), 2
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in drawn:
        x, kernel = (_fractions(generator, s) for s in (shape, size))
        yield x, kernel, stride


def _fractions(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers that an array of integers cannot hold, and that are short to write."""
    return (generator.integers(1, 16, shape) / 4).astype("float32")


def _rtol(*arrays: np.ndarray) -> float:
    return 1e-4 if any(a.dtype == np.float32 for a in arrays) else 1e-5


def _turned(kernel: np.ndarray) -> np.ndarray:
    return kernel[::-1, ::-1]


def _at_stride_2(right: np.ndarray, at_2: np.ndarray) -> list[np.ndarray | None]:
    """What a stride that is always 2 gives, in an array of its own size or of the right one."""
    return [at_2, _in_frame(at_2, right.shape)]


def _in_frame(part: np.ndarray, shape: tuple[int, ...]) -> np.ndarray | None:
    """An array with zeros at its end, up to a larger shape; None if the shape is not larger."""
    missing = [(0, n - m) for n, m in zip(shape, part.shape, strict=True)]
    return np.pad(part, missing) if min(missing)[1] >= 0 and shape != part.shape else None


def _with_other_kernels(
    compute: Callable[[np.ndarray], np.ndarray | None], kernel: np.ndarray
) -> dict[str, list[Callable]]:
    """What `compute` gives for kernels that are taken for the right one."""
    quarters = [np.rot90(kernel), np.rot90(kernel, 3)]
    square = kernel.shape[0] == kernel.shape[1]
    others = {
        "upside-down": [kernel[::-1]],
        "mirrored": [kernel[:, ::-1]],
        "kernel-transposed": [kernel.T, kernel.reshape(kernel.shape[::-1]).T],
        "turned-by-90": [*quarters, *(k if square else kernel for k in quarters)],
    }
    return {kind: [partial(compute, k) for k in kernels] for kind, kernels in others.items()}


# --------------------------------------------------------------------------------- insert_zeros
@visible_check("x", "stride", points=3)
def insert_zeros(trial: Trial) -> None:
    """A square, a wide and a tall array, two of them with other dtypes."""
    for shape, stride, dtype in [((2, 2), 2, "float64"), ((2, 3), 3, "float32"), ((3, 2), 1, int)]:
        x = np.arange(1, shape[0] * shape[1] + 1, dtype=dtype).reshape(shape)
        expect_expanded(trial, x, stride)


def expect_expanded(trial: Trial, x: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution, and ask for a new array."""
    others = [(x, s) for s in _STRIDES]
    trial.compare(_expanded, x, stride, mistakes=_expanded_wrongly, dtype=x.dtype, others=others)
    if np.shares_memory(trial.result, x):
        trial.report("not-a-copy")


def _expanded(x: np.ndarray, stride: int) -> np.ndarray:
    """Keras spreads the entries out with a kernel of one pixel."""
    return oracle.stamps(x, np.ones((1, 1)), stride=stride)


def _expanded_wrongly(x: np.ndarray, stride: int) -> Mistakes:
    right = _expanded(x, stride)
    repeated = np.kron(x, np.ones((stride, stride)))
    rows, columns = right.shape
    return {
        "zeros-at-the-end": np.pad(right, ((0, stride - 1),) * 2),
        "one-zero-too-many": _expanded(x, stride + 1),
        "columns-only": right[::stride],
        "rows-only": right[:, ::stride],
        "zeros-at-the-start": np.pad(right, ((stride - 1, 0),) * 2),
        "repeated": [repeated, repeated[:rows, :columns]],
        "stride-of-2": _at_stride_2(right, _expanded(x, 2)),
    }


# --------------------------------------------------------------------------------- correlate2d
@visible_check("x", "kernel", points=3)
def correlate2d(trial: Trial) -> None:
    """A square example that fits the page, then sizes that differ, then a kernel as large as x."""
    x = np.arange(1.0, 10.0).reshape(3, 3)
    expect_correlation(trial, x, np.array([[1.0, 2.0], [3.0, 5.0]]))
    generator = np.random.default_rng(_SEED)
    for shape, size in [((3, 5), (2, 3)), ((6, 4), (3, 1)), ((2, 3), (2, 3))]:
        expect_correlation(trial, _fractions(generator, shape) - 2, _fractions(generator, size))


def expect_correlation(trial: Trial, x: np.ndarray, kernel: np.ndarray) -> None:
    """Compare with Keras' convolution."""
    rtol = _rtol(x, kernel)
    trial.compare(_correlated, x, kernel, mistakes=_correlated_wrongly, rtol=rtol)


def _correlated(x: np.ndarray, *, kernel: np.ndarray) -> np.ndarray:
    return oracle.conv2d(x, kernel, stride=1)


def _correlated_wrongly(x: np.ndarray, kernel: np.ndarray) -> Mistakes:
    right = _correlated(x, kernel=kernel)
    margins = [((k - 1) // 2, k // 2) for k in kernel.shape]
    halves = [(k // 2, k // 2) for k in kernel.shape]
    around = [margins, [(after, before) for before, after in margins], halves]
    at_the_end = [(0, k - 1) for k in kernel.shape]
    everywhere = [(k - 1, k - 1) for k in kernel.shape]
    return {
        "kernel-turned": _correlated(x, kernel=_turned(kernel)),
        **_with_other_kernels(lambda k: _correlated(x, kernel=k), kernel),
        "one-window-short": right[:-1, :-1],
        "filled-up": np.pad(right, at_the_end),
        "padded-to-the-same-size": [
            _correlated(np.pad(x, width), kernel=kernel) for width in around
        ],
        "padded-all-around": _correlated(np.pad(x, everywhere), kernel=kernel),
        "averaged": right / kernel.size,
        "matrix-product": _of_matrix_products(x, kernel),
        "transposed": right.T if right.shape[0] == right.shape[1] else None,
        "first-pass": right[0, 0],
    }


def _of_matrix_products(x: np.ndarray, kernel: np.ndarray) -> list[np.ndarray | None]:
    """Sums over the entries of `window @ kernel`, of `window @ kernel.T` and of such products."""
    square = kernel.shape[0] == kernel.shape[1]
    ones = np.ones(kernel.shape)
    sums = [kernel.sum(1) * ones, kernel.sum(0)[:, None] * ones] if square else [None, None]
    sums += [kernel.sum(0) * ones, kernel.sum(1)[:, None] * ones]
    return [None if k is None else _correlated(x, kernel=k) for k in sums]


# --------------------------------------------------------------------------------- stamp
@visible_check("x", "kernel", "stride", points=4)
def stamp(trial: Trial) -> None:
    """Overlap by one, then sizes that differ, then stamps that leave gaps."""
    for example in _examples(((2, 3), (4, 2), 1), ((3, 2), (1, 2), 3)):
        expect_stamps(trial, *example)


def expect_stamps(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution."""
    rtol = _rtol(x, kernel)
    others = [(x, kernel, s) for s in _STRIDES]
    trial.compare(
        *(oracle.stamps, x, kernel, stride), mistakes=_stamped_wrongly, rtol=rtol, others=others
    )


def _stamped_wrongly(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    stamped = partial(oracle.stamps, x, stride=stride)
    return {
        "overwrites": partial(_merged, lambda there, new: new, x, kernel, stride),
        "largest": partial(_merged, np.maximum, x, kernel, stride),
        "kernel-turned": stamped(_turned(kernel)),
        **_with_other_kernels(stamped, kernel),
        **_wrong_frames(x, kernel, stride),
        "n-times-stride": _in_lengths(stamped(kernel), [n * stride for n in x.shape]),
    }


def _in_lengths(full: np.ndarray, lengths: Sequence[int]) -> np.ndarray:
    """A result cut off or filled up with zeros at its end."""
    rows, columns = lengths
    return np.pad(full, ((0, rows), (0, columns)))[:rows, :columns]


def _merged(merge: Callable, x: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """Keras' stamps of single pixels, merged in another way than by adding them up."""
    merged = np.zeros_like(oracle.stamps(x, kernel, stride=stride))
    for pixel in np.eye(x.size).reshape(-1, *x.shape):
        touched = oracle.stamps(pixel, np.ones(kernel.shape), stride=stride) > 0.5
        merged = np.where(
            touched, merge(merged, oracle.stamps(x * pixel, kernel, stride=stride)), merged
        )
    return merged


def _wrong_frames(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    """Right numbers in an array of the wrong size, and the stride left out."""
    right = oracle.stamps(x, kernel, stride=stride)
    return {
        "stride-not-used": oracle.stamps(x, kernel, stride=1),
        "gap-at-the-end": oracle.conv2d_transpose(x, kernel, stride),
        "too-long": [np.pad(right, ((0, extra),) * 2) for extra in (1, stride)],
        "stride-of-2": _at_stride_2(right, oracle.stamps(x, kernel, stride=2)),
    }


# --------------------------------------------------------------------------------- transpose_conv2d
@visible_check("x", "kernel", "stride", points=4)
def transpose_conv2d(trial: Trial) -> None:
    """The example of `stamp`, sizes that differ, a kernel below the stride and one in F order."""
    drawn = [((2, 3), (4, 2), 1), ((3, 4), (2, 3), 2), ((3, 2), (1, 2), 3)]
    for example in _examples(*drawn):
        expect_transposed(trial, *example)
    x, kernel = np.array([[1.0, 2.0]]), np.array([[1.0, 2.0], [3.0, 5.0]])
    expect_transposed(trial, x, np.asfortranarray(kernel), 1)


def expect_transposed(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution."""
    rtol = _rtol(x, kernel)
    others = [(x, kernel, s) for s in _STRIDES]
    trial.compare(
        *(oracle.stamps, x, kernel, stride), mistakes=_transposed_wrongly, rtol=rtol, others=others
    )


def _transposed_wrongly(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    stamped = partial(oracle.stamps, x, stride=stride)
    right, not_turned = stamped(kernel), stamped(_turned(kernel))
    return {
        "kernel-not-turned": not_turned,
        **_wrong_windows(x, kernel, stride),
        "padded-by-k": np.pad(right, 1),
        "not-padded": _inner(right, kernel, 1),
        "not-padded-not-turned": _inner(not_turned, kernel, 1),
        "padded-too-little": [
            _inner(right, kernel, 2),
            partial(_slid, x, stride, [k // 2 for k in kernel.shape], _turned(kernel)),
        ],
        "zeros-at-the-end": np.pad(right, ((0, stride - 1),) * 2),
        **_wrong_frames(x, kernel, stride),
    }


def _wrong_windows(x: np.ndarray, kernel: np.ndarray, stride: int) -> dict[str, list[Callable]]:
    """Another kernel slides over the expanded input, padded for its own shape or the right one."""
    by_its_own = _with_other_kernels(lambda k: oracle.stamps(x, _turned(k), stride=stride), kernel)
    slide = partial(_slid, x, stride, [k - 1 for k in kernel.shape])
    by_the_right = _with_other_kernels(slide, kernel)
    found = {kind: by_its_own[kind] + by_the_right[kind] for kind in by_its_own}
    found["kernel-transposed"] += [
        partial(oracle.stamps, x, kernel.T, stride=stride),  # turned as well
        partial(slide, _turned(kernel.T)),
    ]
    return found


def _slid(
    x: np.ndarray, stride: int, margins: Sequence[int], kernel: np.ndarray
) -> np.ndarray | None:
    """The correlation of the expanded input, padded with zeros, with a kernel as it is."""
    padded = np.pad(_expanded(x, stride), [(n, n) for n in margins])
    fits = all(k <= n for k, n in zip(kernel.shape, padded.shape, strict=True))
    return oracle.conv2d(padded, kernel, stride=1) if fits else None


def _inner(full: np.ndarray, kernel: np.ndarray, part: int) -> np.ndarray | None:
    """What is left of a full result when (k-1)/part zeros are missing on every side."""
    (top, left) = (k - 1 - (k - 1) * (part - 1) // part for k in kernel.shape)
    inner = full[top : full.shape[0] - top, left : full.shape[1] - left]
    return inner if inner.size else None


# --------------------------------------------------------------------------------- output_length
@visible_check("n", "kernel_size", "stride", "padding", "output_padding", points=4)
def output_length(trial: Trial) -> None:
    """Each formula, the case that fails only when the layer is called, and two bad arguments."""
    for arguments in [
        *((4, 3, 2, "valid"), (4, 2, 3, "valid"), (4, 3, 2, "same"), (4, 4, 2, "same")),
        *((4, 3, 2, "valid", 0), (4, 3, 2, "valid", 1), (4, 3, 2, "same", 1)),
        *((4, 5, 3, "same", 2), (4, 4, 2, "same", 0), (4, 1, 3, "valid", 1)),
    ]:
        expect_length(trial, *arguments)
    for output_padding in (2, -1):
        trial.expect_error(ValueError, ("output_padding",), 4, 3, 2, "valid", output_padding)


def expect_length(
    trial: Trial, n: int, size: int, stride: int, padding: str, *output_padding: int | None
) -> None:
    """Compare one length with what Keras computes for the layer."""
    given = n, size, stride, padding, *output_padding
    others = [(n, size, stride, _OTHER[padding], *output_padding), (n, size, stride, padding)]
    trial.compare(_length, *given, mistakes=_wrong_lengths, others=others)


_OTHER = {"valid": "same", "same": "valid"}


def _wrong_lengths(
    n: int, size: int, stride: int, padding: str, extra: int | None = None
) -> Mistakes:
    """What comes of a mistake everywhere, and where it is made in one branch only."""
    length = partial(_length, n, size, stride)
    right, none, zero = (length(padding, e) for e in (extra, None, 0))
    valid, missing = padding == "valid", extra is None

    def made(result: int, *branches: bool) -> list[int]:
        return [result if inside else right for inside in branches]

    anywhere = (True, valid, not valid, missing, not missing)
    return {
        "other-padding": made(length(_OTHER[padding], extra), *anywhere),
        "n-times-stride": made(n * stride, *anywhere),
        "n-steps": made(n * stride + size + (extra or 0), *anywhere),
        "none-is-zero": made(zero, missing, missing and not valid),
        "gap-forgotten": made(zero, missing and valid),
        "zero-is-none": made(none, extra == 0),
        "output-padding-left-out": made(none, not missing) + made(zero, not missing),
        "output-padding-added": made(none + (extra or 0), not missing, not missing and valid),
        "fitted-to-stride-2": made(
            n * stride - 2 + size % 2 + (extra or 0), not missing and not valid
        ),
        "as-in-pytorch": [
            result
            for same in ((size - 1) // 2, (size - stride) // 2, max(size - stride, 0) // 2)
            for padded in [0 if valid else same]
            for result in made(
                (n - 1) * stride - 2 * padded + size + (extra or 0),
                *(True, not valid, not valid and not missing),
            )
        ],
    }


@cache
def _length(n: int, size: int, stride: int, padding: str, extra: int | None = None) -> int:
    if extra is not None and extra not in range(stride):
        raise ValueError("such a layer cannot be made")
    layer = keras.layers.Conv2DTranspose(
        1, size, strides=stride, padding=padding, output_padding=extra
    )
    return layer.compute_output_shape((None, n, n, 1))[1]


# ------------------------------------------------------------------------ transpose_conv2d_same
@visible_check("x", "kernel", "stride", points=4)
def transpose_conv2d_same(trial: Trial) -> None:
    """Uneven crop, even crop, sizes that differ, nothing to crop, and a gap to fill."""
    for example in _examples(((2, 3), (3, 6), 2), ((3, 2), (3, 1), 3)):
        expect_same(trial, *example)


def expect_same(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution, padding="same"."""
    rtol = _rtol(x, kernel)
    others = [(x, kernel, s) for s in _STRIDES]
    trial.compare(*(_same, x, kernel, stride), mistakes=_same_wrongly, rtol=rtol, others=others)


def _same(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    return oracle.conv2d_transpose(x, kernel, stride, padding="same")


def _same_wrongly(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    valid = oracle.conv2d_transpose(x, kernel, stride)
    lengths = [n * stride for n in x.shape]
    stamped = oracle.stamps(x, kernel, stride=stride)
    longer = np.pad(stamped, ((0, stride),) * 2)
    less = [k - stride for k in kernel.shape]  # negative where there is nothing to crop
    spare = [max(n, 0) for n in less]
    missing = [max(stride - k, 0) for k in kernel.shape]
    margins = [(n // 2, n - n // 2) for n in missing]  # with the kernel in the middle of its gap
    return {
        "not-cropped": valid,
        "cropped-at-the-end": _window(valid, [0, 0], lengths),
        "cropped-at-the-start": [
            _window(valid, [n - n // 2 for n in spare], lengths),
            _window(valid, spare, lengths),
        ],
        "not-filled-up": _window(stamped, [n // 2 for n in spare], lengths),
        "centered-in-its-gap": [
            _same(x, np.pad(kernel, widths), stride=stride)
            for widths in (margins, [(after, before) for before, after in margins])
        ],
        "kernel-turned": _same(x, _turned(kernel), stride=stride),
        "cropped-as-at-stride-1": [
            _window(full, [(k - rest) // 2 for k in kernel.shape], lengths)
            for rest in (0, 1)
            for full in (valid, stamped, longer)
        ],
        "cropped-to-nothing": [_without_margins(full, spare) for full in (valid, stamped)],
        "negative-crop": [
            *(_window(full, [n // 2 for n in less], lengths) for full in (valid, stamped, longer)),
            *(_between_margins(full, less) for full in (valid, stamped)),
        ],
        "cropped-like-rows": _window(valid, [spare[0] // 2] * 2, lengths),
        "cropped-like-columns": _window(valid, [spare[1] // 2] * 2, lengths),
    }


def _window(full: np.ndarray, starts: Sequence[int], lengths: Sequence[int]) -> np.ndarray:
    (top, left), (rows, columns) = starts, lengths
    return full[top : top + rows, left : left + columns]


def _without_margins(full: np.ndarray, spare: Sequence[int]) -> np.ndarray:
    """What `[top:-bottom, left:-right]` leaves, which is nothing where the end is 0."""
    (top, left), (bottom, right) = ([n // 2 for n in spare], [n - n // 2 for n in spare])
    return full[top:-bottom, left:-right]


def _between_margins(full: np.ndarray, spare: Sequence[int]) -> np.ndarray:
    """What `[top : rows - bottom, left : columns - right]` leaves."""
    top, left = (n // 2 for n in spare)
    bottom, right = (m - (n - n // 2) for m, n in zip(full.shape, spare, strict=True))
    return full[top:bottom, left:right]


# --------------------------------------------------------------------------------- conv_matrix
@visible_check("kernel", "input_shape", "stride", points=5)
def conv_matrix(trial: Trial) -> None:
    """A matrix that fits the page, a wide image and a tall one, and strides that do not fit."""
    generator = np.random.default_rng(_SEED)
    expect_matrix(trial, np.array([[1.0, 2.0], [3.0, 4.0]]), (3, 3), 1)
    expect_matrix(trial, np.array([[2.5, 4.0]]), (2, 4), 1)
    expect_matrix(trial, _fractions(generator, (2, 3)), (4, 5), 1)
    expect_matrix(trial, _fractions(generator, (3, 2)), (6, 5), 2)


def expect_matrix(
    trial: Trial, kernel: np.ndarray, shape: tuple[int, int], stride: int, *_: object
) -> None:
    """Compare with the matrix of Keras' transposed convolution.

    Tests of the first edition hand over more than is used: a generator, and a stored matrix.
    """
    trial.compare(_matrix, kernel, shape, stride, mistakes=_wrong_matrices, others=_IMAGES)


_IMAGES = [
    (np.arange(1.0, 1 + rows * columns).reshape(rows, columns) / 4, shape, stride)
    for (rows, columns), shape, stride in [
        ((2, 2), (3, 5), 1),
        ((2, 3), (5, 4), 1),
        ((3, 2), (4, 6), 2),
    ]
]


def _matrix(kernel: np.ndarray, input_shape: tuple[int, int], *, stride: int) -> np.ndarray:
    """Its rows are the stamps of single entries, as images with zeros around them."""
    rows, columns = ((n - k) // stride + 1 for n, k in zip(input_shape, kernel.shape, strict=True))
    if rows < 1 or columns < 1:
        return np.zeros((0, math.prod(input_shape)))
    units = np.eye(rows * columns).reshape(-1, rows, columns, 1)
    stamps = oracle.conv_transpose(units, kernel[:, :, None, None], stride=stride)[..., 0]
    height, width = input_shape
    images = np.zeros((rows * columns, height, width))
    reached = stamps[:, :height, :width]  # Keras ends with zeros if the kernel is below the stride
    images[:, : reached.shape[1], : reached.shape[2]] = reached
    return images.reshape(rows * columns, height * width)


def _wrong_matrices(kernel: np.ndarray, shape: tuple[int, int], stride: int) -> Mistakes:
    height, width = shape
    right, dense = (_matrix(kernel, shape, stride=s) for s in (stride, 1))
    windows = right.reshape(-1, (width - kernel.shape[1]) // stride + 1, height, width)
    hanging = (height + stride - 1, width + stride - 1)
    cut = _matrix(kernel, hanging, stride=stride).reshape(-1, *hanging)[:, :height, :width]
    side_by_side = dense.reshape(-1, width - kernel.shape[1] + 1, height * width)
    not_moved = side_by_side[: windows.shape[0], : windows.shape[1]]
    return {
        "kernel-turned": _matrix(_turned(kernel), shape, stride=stride),
        "stride-not-used": dense,
        "every-row-of-the-matrix": dense[::stride],
        "window-moves-by-one": not_moved.reshape(right.shape),
        "column-by-column": windows.transpose(1, 0, 3, 2).reshape(right.shape),
        "pixels-column-by-column": windows.transpose(0, 1, 3, 2).reshape(right.shape),
        "square-only": [
            lambda: _matrix(kernel, (width, height), stride=stride),
            lambda: _renumbered(right.T, width, height).T,
            lambda: _renumbered(right, windows.shape[1], windows.shape[0]),
        ],
        "window-over-the-edge": cut.reshape(-1, height * width),
    }


def _renumbered(lines: np.ndarray, columns: int, step: int) -> np.ndarray:
    """The lines of a matrix where entry [i, j] of an image has the number `i * step + j`."""
    moved = np.zeros_like(lines)
    for index, line in enumerate(lines):
        number = index // columns * step + index % columns
        moved[number] = np.where(line != 0, line, moved[number])
    return moved


# --------------------------------------------------------------------------------- is_adjoint
@visible_check("forward", "backward", "input_shape", "output_shape", "rng", points=4)
def is_adjoint(trial: Trial) -> None:
    """Maps of one to three axes, very large and very small ones: right pairs and broken ones."""
    generator = np.random.default_rng(_SEED)
    adjoint = partial(adjoints.adjoint, generator)
    broken = partial(adjoints.broken, generator=generator)
    wide = {"small": (2, 3), "size": (3, 3), "stride": 2}
    deep = {"small": (2, 2, 3), "size": (2, 3, 2), "stride": 1}
    for pair in [
        adjoint(**wide),
        broken("kernel-turned", **wide),
        adjoint(**deep),
        broken("scaled", **deep),
        adjoint((4,), (6,)),
        broken("negated", small=(2, 2), size=(2, 3)),
        broken("antisymmetric", small=(2, 3)),
        broken("hidden-from-images", small=(3,)),
        broken("hidden-from-images", small=(2, 2)).reversed(),
        adjoints.slightly_scaled(generator),
        adjoint(**wide).times(1e12),
        broken("shifted", **wide).times(1e-12),
        adjoint(**deep).times(1e-12),
        broken("kernel-turned", **deep).times(1e12),
    ]:
        expect_verdict(trial, pair, generator)


_OF_PAIRS = {
    "adjoint": "pair-adjoint",
    "kernel-turned": "pair-kernel-turned",
    "axes-swapped": "pair-axes-swapped",
    "cropped-on-the-other-side": "pair-cropped-on-the-other-side",
    "stride-on-one-axis": "pair-stride-on-one-axis",
    "shifted": "pair-shifted",
    "scaled": "pair-scaled",
    "slightly-scaled": "pair-slightly-scaled",
    "negated": "pair-negated",
    "hidden-from-constants": "pair-hidden-from-constants",
    "hidden-from-images": "pair-hidden-from-images",
    "antisymmetric": "pair-antisymmetric",
    "inverse": "pair-inverse",
}


def expect_verdict(trial: Trial, pair: adjoints.Pair, rng: np.random.Generator) -> None:
    """Ask for a verdict on one pair; say what the pair is where it is wrong.

    For a few inputs in a million the two numbers of a broken pair nearly agree. So a True for one
    is forgiven if eight further generators give False; if one of them does where the arrays have a
    single entry, since zero may be drawn for it.

    Args:
        trial: Its function takes two matrices instead of two maps; see `adjoints.judged`.
        pair: The maps.
        rng: The generator that is handed over.
    """
    ask = trial.function

    def with_matrices(_forward: Any, _backward: Any, *others: Any) -> Any:
        return ask(pair.forward.matrix, pair.backward.matrix, *others)

    trial.function = with_matrices
    shown = (lambda x: x,) * 2  # messages speak of the functions that students are given
    try:
        verdict = plain(trial.call(*shown, *pair.shapes, rng))
    finally:
        trial.function = ask
    if not isinstance(verdict, bool | np.bool_):
        trial.report(causes.nothing(verdict) or "not-a-bool", given=describe(verdict))
    right = pair.kind == "adjoint"
    if verdict == right or (verdict and _is_forgiven(pair, _verdicts(ask, pair))):
        return
    trial.about(_OF_PAIRS[pair.kind])
    why = _why_refused if right else _why_accepted
    kind = why(partial(_verdicts, ask), pair)
    trial.expect(right, {kind: not right} if kind else {})


def _is_forgiven(pair: adjoints.Pair, verdicts: set) -> bool:
    return False in verdicts if pair.kind == "slightly-scaled" else verdicts == {False}


def _verdicts(ask: Callable, *pairs: adjoints.Pair, whole: bool = False) -> set:
    """What an answer says of each pair with eight generators; None stands for anything else.

    With `whole`, generators draw whole numbers.
    """
    said = set()
    for pair, seed in product(pairs, range(8)):
        rng = np.random.default_rng(seed)
        try:
            matrices = pair.forward.matrix, pair.backward.matrix
            verdict = plain(ask(*matrices, *pair.shapes, rng, whole))
        except Exception:
            verdict = None
        said.add(bool(verdict) if isinstance(verdict, bool | np.bool_) else None)
    return said


def _why_refused(verdicts: Callable[..., set], pair: adjoints.Pair) -> str:
    """The cause of a False for an adjoint pair, where other pairs show it; empty elsewhere."""
    generator = np.random.default_rng(_SEED)
    if _is_far_from_1(pair) and verdicts(_of_size_1(pair)) == {True}:
        return _of_the_tolerance(verdicts, refused=True, large=_is_large(pair))
    if kind := _why_everywhere(verdicts):
        return kind
    of_one_axis = [adjoints.adjoint(generator, (4,), (6,)) for _ in range(2)]
    if verdicts(*of_one_axis) == {True}:
        return "one-axis-only" if len(pair.input_shape) > 1 else ""
    return "exactly-equal" if _asks_for_equality(verdicts) else ""


def _why_accepted(verdicts: Callable[..., set], pair: adjoints.Pair) -> str:
    """The cause of a True for a broken pair, where other pairs show it; empty elsewhere."""
    generator = np.random.default_rng(_SEED)
    make = partial(adjoints.broken, generator=generator, small=(2, 3))
    if verdicts(adjoints.adjoint(generator, (2, 3))) != {True}:
        return _why_everywhere(verdicts)
    if verdicts(pair) == {True, False}:
        return "by-chance"
    if _is_far_from_1(pair) and verdicts(_of_size_1(pair)) == {False}:
        return _of_the_tolerance(verdicts, refused=False, large=_is_large(pair))
    scaled = verdicts(make("scaled"))
    if pair.kind == "slightly-scaled" and False in scaled:
        return "loose-tolerance"
    if scaled != {False}:
        return ""
    kinds = {
        "hidden-from-constants": "not-random",
        "antisymmetric": "same-input",
        "negated": "sign-dropped",
    }
    from_images = make("hidden-from-images")
    if {True} in (verdicts(from_images), verdicts(from_images.reversed())):
        return "drawn-from-a-map"
    return next((kind for of, kind in kinds.items() if verdicts(make(of)) == {True}), "")


def _why_everywhere(verdicts: Callable[..., set]) -> str:
    """The cause of wrong verdicts on pairs of any kind and size; empty if none is known."""
    generator = np.random.default_rng(_SEED)
    make = partial(adjoints.broken, generator=generator, small=(2, 3))
    adjoint = [adjoints.adjoint(generator, *sizes) for sizes in [((2, 3),), ((4,), (6,))]]
    far_from = [make("scaled"), make("negated"), make("kernel-turned")]
    if verdicts(*adjoint) == {False} and verdicts(*far_from) == {True}:
        return "inverted"
    if verdicts(*far_from) != {False}:
        return ""
    if verdicts(*adjoint) == {False} and verdicts(make("inverse")) == {True}:
        return "tests-the-inverse"
    equal, uneven = (adjoints.adjoint(generator, (n,), (4,)) for n in (4, 7))
    of_means = uneven.times(1, back=4 / 7)  # adjoint if each sum is divided by its entries
    averaged = verdicts(equal, of_means) == {True} and verdicts(uneven) == {False}
    return "averaged" if averaged else ""


def _asks_for_equality(verdicts: Callable[..., set]) -> bool:
    """Return True if an answer is right where no number is rounded, and only there."""
    generator = np.random.default_rng(_SEED)
    several = [((2, 3), (3, 2), 1), ((2, 2, 2), (2, 2, 3), 2), ((4,), (6,), 1)]
    adjoint = [adjoints.adjoint(generator, *sizes) for sizes in several]
    kinds = ("scaled", "negated", "shifted", "hidden-from-constants")
    broken = [adjoints.broken(kind, generator, *several[0]) for kind in kinds]
    return (
        verdicts(*(pair.rounded() for pair in adjoint), whole=True) == {True}
        and verdicts(*(pair.rounded() for pair in broken), whole=True) == {False}
        and all(False in verdicts(pair) for pair in adjoint)
    )


def _of_the_tolerance(verdicts: Callable[..., set], *, refused: bool, large: bool) -> str:
    """Why a verdict is wrong on very large or very small maps, but right on those of size 1."""
    if refused == large:  # too small for large maps, or too large for small ones
        return "absolute-tolerance"
    broken = adjoints.broken("scaled", np.random.default_rng(_SEED), (2, 3)).times(1e12)
    return "norms-squared" if verdicts(broken) == {True} else ""


def _of_size_1(pair: adjoints.Pair) -> adjoints.Pair:
    """The same pair with entries of size 1 at most."""
    return pair.times(1 / largest(pair.forward.matrix))


def _is_far_from_1(pair: adjoints.Pair) -> bool:
    return not 1e-6 < largest(pair.forward.matrix) < 1e6


def _is_large(pair: adjoints.Pair) -> bool:
    return largest(pair.forward.matrix) > 1


# --------------------------------------------------------------------------------- round_trip
@visible_check("x", "kernels", "stride", points=3)
def round_trip(trial: Trial) -> None:
    """Two kernels that fit the page, windows that overlap unevenly, windows that leave gaps."""
    x = np.arange(1.0, 10.0).reshape(3, 3)
    expect_return(trial, x, np.array([[[1.0, 2.0], [0.0, 3.0]], [[1.0, 0.0], [5.0, -1.0]]]), 1)
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in [((5, 6), (3, 3, 2), 2), ((4, 6), (2, 1, 3), 3)]:
        x, kernels = _fractions(generator, shape), _fractions(generator, size)
        expect_return(trial, x - 2, kernels, stride)


def expect_return(trial: Trial, x: np.ndarray, kernels: np.ndarray, stride: int) -> None:
    """Compare with Keras' convolutions and transposed convolutions."""
    rtol, others = _rtol(x, kernels), [(x, kernels, s) for s in (1, 2, 3)]
    trial.compare(
        *(_returned, x, kernels, stride), mistakes=_returned_wrongly, rtol=rtol, others=others
    )


def _returned(x: np.ndarray, kernels: np.ndarray, *, stride: int) -> np.ndarray:
    return np.sum(_there_and_back(x, kernels, stride), axis=0)


def _there_and_back(
    x: np.ndarray, kernels: np.ndarray, stride: int, back: np.ndarray | None = None
) -> list[np.ndarray]:
    """What comes back of each kernel alone, with other kernels on the way back if given.

    Raises:
        ValueError: The windows do not fit.
    """
    if any((n - k) % stride for n, k in zip(x.shape, kernels.shape[1:], strict=True)):
        raise ValueError("the task leaves this out")
    there = [oracle.conv2d(x, k, stride=stride) for k in kernels]
    pairs = zip(there, kernels if back is None else back, strict=True)
    return [oracle.stamps(y, k, stride=stride) for y, k in pairs]


def _returned_wrongly(x: np.ndarray, kernels: np.ndarray, stride: int) -> Mistakes:
    parts = _there_and_back(x, kernels, stride)
    right, count, turned = np.sum(parts, axis=0), len(parts), kernels[:, ::-1, ::-1]
    strided, dense = ([oracle.conv2d(x, k, stride=s) for k in kernels] for s in (stride, 1))

    def back(given: Sequence[np.ndarray], step: int) -> np.ndarray:
        parts = [oracle.stamps(y, k, stride=step) for y, k in zip(given, kernels, strict=True)]
        return np.sum(parts, axis=0)

    framed = _in_frame(back(strided, 1), x.shape)
    overwritten = [
        _merged(lambda _, new: new, y, k, stride) for y, k in zip(strided, kernels, strict=True)
    ]
    return {
        "averaged": right / count,
        "chained": partial(_chained, x, kernels, stride),
        "last-kernel-only": parts[-1],
        "first-kernel-only": parts[0],
        "turned-on-the-way-back": sum(_there_and_back(x, kernels, stride, turned)),
        "turned-in-the-convolution": sum(_there_and_back(x, turned, stride, kernels)),
        "turned-in-both": sum(_there_and_back(x, turned, stride)),
        "stride-on-the-way-back-only": back(dense, stride),
        "stride-on-the-way-there-only": [back(strided, 1), framed],
        "stride-not-used": back(dense, 1),
        "overwrites": [sum(overwritten), overwritten[-1]],
        "kernels-summed-first": back([np.sum(strided, axis=0)] * count, stride),
        "not-summed": np.stack(parts),
        "not-transposed": [np.stack(strided), sum(strided)],
    }


def _chained(x: np.ndarray, kernels: np.ndarray, stride: int) -> np.ndarray:
    """Each kernel goes on with what came back of the one before."""
    for kernel in kernels:
        x = _returned(x, kernel[None], stride=stride)
    return x


# --------------------------------------------------------------------------------- perfect_kernels
@visible_check(points=3)
def perfect_kernels(trial: Trial) -> None:
    """Look at what comes back of a random image that is not square."""
    expect_perfect(trial, [(4, 6)], np.random.default_rng(_SEED))


def expect_perfect(
    trial: Trial, shapes: Sequence[tuple[int, int]], generator: np.random.Generator
) -> None:
    """Ask for the kernels, and send random images of these shapes there and back through Keras."""
    kernels = plain(trial.call())
    if kind := causes.nothing(kernels):
        trial.report(kind)
    if not isinstance(kernels, np.ndarray):
        trial.report("not-an-array", given=describe(kernels))
    if kernels.shape != (4, 2, 2):
        known = {(4, 4): "flat", (2, 2, 4): "kernels-last", (4, 2, 2, 1): "more-axes"}
        trial.report(known.get(kernels.shape, "another-shape-of-bank"), given=kernels.shape)
    if kernels.dtype not in ("float32", "float64"):
        kind = "whole-numbers" if kernels.dtype.kind in "iub" else "another-dtype"
        trial.report(kind, given=kernels.dtype)
    if not np.isfinite(kernels).all():
        trial.report("not-finite")
    kernels = kernels.astype("float64")
    again = plain(trial.call())
    trial.calls -= 1  # which is no further example
    if not np.allclose(kernels, again, rtol=0, atol=1e-6):
        trial.report("differs-by-call")
    images = [generator.uniform(-1, 1, shape) for shape in shapes]
    same = [np.allclose(_returned(x, kernels, stride=2), x, rtol=0, atol=1e-5) for x in images]
    if not all(same):
        _explain_bank(trial, kernels.reshape(4, 4))
    if np.abs(kernels).min() < 0.01:
        trial.report("entry-near-zero", given=f"{np.abs(kernels).min():.2g}")


def _explain_bank(trial: Trial, rows: np.ndarray) -> NoReturn:
    """Say why kernels, each unrolled into a row, do not bring an image back."""
    products = rows @ rows.T
    lengths = np.sqrt(np.diag(products))
    if lengths.min() < 1e-6:
        trial.report("zero-kernel", index=int(lengths.argmin()))
    cosines = np.triu(products / np.outer(lengths, lengths), 1)
    first, second = np.unravel_index(np.abs(cosines).argmax(), cosines.shape)
    pair = {"first": int(first), "second": int(second)}
    if abs(cosines[first, second]) > 1 - 1e-4:
        trial.report("twice-the-same", **pair)
    if abs(cosines[first, second]) > 1e-4:
        trial.report("not-orthogonal", **pair, product=f"{products[first, second]:.4g}")
    squares = lengths**2
    if np.ptp(squares) < 1e-4 * squares.max():
        trial.report("another-length", times=f"{squares.mean():.4g}")
    index = int(np.abs(squares - 1).argmax())
    trial.report("lengths-differ", index=index, given=f"{lengths[index]:.4g}")


# ---------------------------------------------------------------------------- transpose_conv2d_nhwc
@visible_check("x", "kernel", "stride", points=3)
def transpose_conv2d_nhwc(trial: Trial) -> None:
    """As many channels in as out, then everything different."""
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in [((1, 2, 2, 2), (3, 3, 2, 2), 2), ((2, 3, 4, 3), (2, 4, 5, 3), 1)]:
        x, kernel = (draw(generator, s, "float32") for s in (shape, size))
        expect_channels(trial, x, kernel, stride)


def expect_channels(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution of a batch."""
    trial.compare(_of_batch, x, kernel, stride, mistakes=_wrong_batches, atol=1e-5)


def _of_batch(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    if stride > min(kernel.shape[:2]):
        raise ValueError("the task leaves larger strides out")
    return oracle.conv_transpose(x, kernel, stride=stride)


def _wrong_batches(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    right = _of_batch(x, kernel, stride=stride)
    channels, (outputs, inputs) = (slice(-1, None), slice(1)), kernel.shape[2:]
    as_in_conv2d = kernel.swapaxes(2, 3)  # (kh, kw, out, in), if it had been (kh, kw, in, out)
    return {
        "channels-swapped": [
            lambda: _of_batch(x, as_in_conv2d, stride=stride),
            _of_batch(x, kernel.reshape(_swapped(kernel.shape)).swapaxes(2, 3), stride=stride),
            None if inputs > outputs else _of_batch(x, as_in_conv2d[..., :inputs], stride=stride),
            None if outputs > inputs else _of_batch(x[..., :outputs], as_in_conv2d, stride=stride),
        ],
        "kernel-transposed": lambda: _of_batch(x, kernel.swapaxes(0, 1), stride=stride),
        "images-transposed": lambda: _of_batch(x.swapaxes(1, 2), kernel, stride=stride),
        "transposed": right.swapaxes(1, 2),
        "kernel-turned": _of_batch(x, _turned(kernel), stride=stride),
        "averaged": right / kernel.shape[3],
        "one-channel": [_of_batch(x[..., c], kernel[..., c], stride=stride) for c in channels],
        "images-added": np.broadcast_to(right.sum(0), right.shape),
        "first-image-only": np.broadcast_to(right[:1], right.shape),
    }


def _swapped(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*shape[:2], shape[3], shape[2])
