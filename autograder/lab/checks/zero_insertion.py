"""Visible checks of assignment 01-zero-insertion, for its notebook and its hidden tests.

Right answers come from Keras through `lab.oracle`, from stored values or from properties.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, Literal

import keras
import numpy as np

from autograder.lab import models, oracle
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.shown import plain
from autograder.lab.trial import Trial

_SEED = 1


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


def _stamped(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """Keras' result without the zeros that it adds where the kernel is smaller than the stride."""
    rows, columns = ((n - 1) * stride + k for n, k in zip(x.shape, kernel.shape, strict=True))
    return oracle.conv2d_transpose(x, kernel, stride)[:rows, :columns]


def _with_other_kernels(
    compute: Callable[[np.ndarray], np.ndarray], kernel: np.ndarray
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
@visible_check("x", "stride", points=4)
def insert_zeros(trial: Trial) -> None:
    """A square, a wide and a tall array, two of them with other dtypes."""
    for shape, stride, dtype in [((2, 2), 2, "float64"), ((2, 3), 3, "float32"), ((3, 2), 1, int)]:
        x = np.arange(1, shape[0] * shape[1] + 1, dtype=dtype).reshape(shape)
        expect_expanded(trial, x, stride)


def expect_expanded(trial: Trial, x: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution, and ask for a new array."""
    trial.compare(_expanded, x, stride, mistakes=_expanded_wrongly, dtype=x.dtype)
    if np.shares_memory(trial.result, x):
        trial.report("not-a-copy")


def _expanded(x: np.ndarray, stride: int) -> np.ndarray:
    """Keras spreads the entries out with a kernel of one pixel."""
    return _stamped(x, np.ones((1, 1)), stride=stride)


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
    }


# --------------------------------------------------------------------------------- correlate2d
@visible_check("x", "kernel", points=4)
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
    around = [margins, [(after, before) for before, after in margins]]
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
    }


# --------------------------------------------------------------------------------- stamp
@visible_check("x", "kernel", "stride", points=5)
def stamp(trial: Trial) -> None:
    """Overlap by one, then sizes that differ, then stamps that leave gaps."""
    for example in _examples(((2, 3), (4, 2), 1), ((3, 2), (1, 2), 3)):
        expect_stamps(trial, *example)


def expect_stamps(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution."""
    rtol = _rtol(x, kernel)
    trial.compare(_stamped, x, kernel, stride, mistakes=_stamped_wrongly, rtol=rtol)


def _stamped_wrongly(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    stamped = partial(_stamped, x, stride=stride)
    return {
        "overwrites": partial(_merged, lambda there, new: new, x, kernel, stride),
        "largest": partial(_merged, np.maximum, x, kernel, stride),
        "kernel-turned": stamped(_turned(kernel)),
        **_with_other_kernels(stamped, kernel),
        **_wrong_frames(x, kernel, stride),
    }


def _merged(merge: Callable, x: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """Keras' stamps of single pixels, merged in another way than by adding them up."""
    merged = np.zeros_like(_stamped(x, kernel, stride=stride))
    for pixel in np.eye(x.size).reshape(-1, *x.shape):
        touched = _stamped(pixel, np.ones(kernel.shape), stride=stride) > 0.5
        merged = np.where(
            touched, merge(merged, _stamped(x * pixel, kernel, stride=stride)), merged
        )
    return merged


def _wrong_frames(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    """Right numbers in an array of the wrong size, and the stride left out."""
    right = _stamped(x, kernel, stride=stride)
    return {
        "stride-not-used": _stamped(x, kernel, stride=1),
        "gap-at-the-end": oracle.conv2d_transpose(x, kernel, stride),
        "too-long": [np.pad(right, ((0, extra),) * 2) for extra in (1, stride)],
    }


# --------------------------------------------------------------------------------- transpose_conv2d
@visible_check("x", "kernel", "stride", points=5)
def transpose_conv2d(trial: Trial) -> None:
    """The example of `stamp`, then sizes that differ, then a kernel smaller than the stride."""
    drawn = [((2, 3), (4, 2), 1), ((3, 4), (2, 3), 2), ((3, 2), (1, 2), 3)]
    for example in _examples(*drawn):
        expect_transposed(trial, *example)


def expect_transposed(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution."""
    rtol = _rtol(x, kernel)
    trial.compare(_stamped, x, kernel, stride, mistakes=_transposed_wrongly, rtol=rtol)


def _transposed_wrongly(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    stamped = partial(_stamped, x, stride=stride)
    right, not_turned = stamped(kernel), stamped(_turned(kernel))
    return {
        "kernel-not-turned": not_turned,
        **_with_other_kernels(lambda k: stamped(_turned(k)), kernel),
        "padded-by-k": np.pad(right, 1),
        "not-padded": _inner(right, kernel, 1),
        "not-padded-not-turned": _inner(not_turned, kernel, 1),
        "padded-too-little": _inner(right, kernel, 2),
        "zeros-at-the-end": np.pad(right, ((0, stride - 1),) * 2),
        **_wrong_frames(x, kernel, stride),
    }


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
    trial.compare(_same, x, kernel, stride, mistakes=_same_wrongly, rtol=rtol)


def _same(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    return oracle.conv2d_transpose(x, kernel, stride, padding="same")


def _same_wrongly(x: np.ndarray, kernel: np.ndarray, stride: int) -> Mistakes:
    valid = oracle.conv2d_transpose(x, kernel, stride)
    lengths = [n * stride for n in x.shape]
    spare = [max(k - stride, 0) for k in kernel.shape]
    missing = [max(stride - k, 0) for k in kernel.shape]
    margins = [(n // 2, n - n // 2) for n in missing]  # with the kernel in the middle of its gap
    return {
        "not-cropped": valid,
        "cropped-at-the-end": _window(valid, [0, 0], lengths),
        "cropped-at-the-start": [
            _window(valid, [n - n // 2 for n in spare], lengths),
            _window(valid, spare, lengths),
        ],
        "not-filled-up": _window(
            _stamped(x, kernel, stride=stride), [n // 2 for n in spare], lengths
        ),
        "centered-in-its-gap": [
            _same(x, np.pad(kernel, widths), stride=stride)
            for widths in (margins, [(after, before) for before, after in margins])
        ],
        "kernel-turned": _same(x, _turned(kernel), stride=stride),
        "cropped-like-rows": _window(valid, [spare[0] // 2] * 2, lengths),
        "cropped-like-columns": _window(valid, [spare[1] // 2] * 2, lengths),
    }


def _window(full: np.ndarray, starts: Sequence[int], lengths: Sequence[int]) -> np.ndarray:
    (top, left), (rows, columns) = starts, lengths
    return full[top : top + rows, left : left + columns]


# --------------------------------------------------------------------------------- conv_matrix
@visible_check("kernel", "input_shape", "stride", points=5)
def conv_matrix(trial: Trial) -> None:
    """A matrix that fits the page, then products with random images at two strides."""
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
    right = np.array(
        [
            [1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0],
        ]
    )
    generator = np.random.default_rng(_SEED)
    expect_matrix(trial, kernel, (3, 3), 1, generator, right)
    expect_matrix(trial, draw(generator, (2, 3)), (4, 5), 1, generator)
    expect_matrix(trial, draw(generator, (3, 2), "float32"), (6, 5), 2, generator)


def expect_matrix(
    trial: Trial,
    kernel: np.ndarray,
    shape: tuple[int, int],
    stride: int,
    generator: np.random.Generator,
    stored: np.ndarray | None = None,
) -> None:
    """Look at the shape, then multiply with more random images than there are pixels.

    A stored matrix is shown beside one that is wrong.
    """
    matrix = plain(trial.call(kernel, shape, stride))
    if not isinstance(matrix, np.ndarray) or matrix.dtype.kind not in "fiu":
        trial.report("not-a-matrix", given=models.describe(matrix))
    pixels = shape[0] * shape[1]
    entries, at_stride_1 = (
        oracle.conv2d(np.zeros(shape), kernel, stride=s).size for s in (stride, 1)
    )
    if matrix.shape != (entries, pixels):
        known = {(pixels, entries): "transposed", (at_stride_1, pixels): "stride-not-used"}
        kind = known.get(matrix.shape, "wrong-shape")
        trial.report(kind, given=matrix.shape, expected=(entries, pixels))
    images = [generator.normal(0, 1, shape) for _ in range(pixels + 1)]
    if _computes(matrix, kernel, images, stride):
        return
    kind = "another-product"
    if _computes(matrix, _turned(kernel), images, stride):
        kind = "kernel-turned"
    elif _computes(matrix, kernel, images, stride, order="F"):
        kind = "column-by-column"
    if stored is not None:
        trial.expect(stored, {} if kind == "another-product" else {kind: matrix})
    trial.report(kind)


def _computes(
    matrix: np.ndarray,
    kernel: np.ndarray,
    images: Sequence[np.ndarray],
    stride: int,
    order: Literal["C", "F"] = "C",
) -> bool:
    """Return True if the matrix does to images, unrolled in this order, what Keras does."""
    given = np.array([x.ravel(order) for x in images])
    right = [oracle.conv2d(x, kernel, stride=stride).ravel(order) for x in images]
    return np.allclose(given @ matrix.T, right, rtol=0, atol=1e-4)


# --------------------------------------------------------------------------------- adjoint_pair
@visible_check("kernel", "x", "y", "stride", points=3)
def adjoint_pair(trial: Trial) -> None:
    """Two pairs that agree, and shapes that do not fit."""
    kernel, x = np.array([[1.0, 2.0], [3.0, 5.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    expect_pair(trial, kernel, x, np.array([[1.0, -1.0], [2.0, 0.0]]), 1)
    generator = np.random.default_rng(_SEED)
    kernel = draw(generator, (2, 3))
    expect_pair(trial, kernel, draw(generator, (4, 7)), draw(generator, (2, 3)), 2)
    for x_shape, y_shape in [((4, 7), (3, 3)), ((5, 7), (2, 3))]:
        expect_bad_shapes(trial, kernel, draw(generator, x_shape), draw(generator, y_shape), 2)


def expect_pair(
    trial: Trial, kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int
) -> None:
    """Compare both inner products with Keras'."""
    length = np.linalg.norm(oracle.conv2d(x, kernel, stride=stride)) * np.linalg.norm(y)
    atol = _rtol(kernel, x, y) * float(length)
    trial.compare(_pair, kernel, x, y, stride, mistakes=_wrong_pairs, atol=atol)


def _pair(kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int) -> tuple[float, float]:
    forward, back = oracle.conv2d(x, kernel, stride=stride), _stamped(y, kernel, stride=stride)
    if forward.shape != y.shape or back.shape != x.shape:
        raise ValueError("the shapes do not belong together")
    there, here = (forward * y).sum(), (x * back).sum()
    return float(there), float(here)


def _wrong_pairs(kernel: np.ndarray, *others: Any) -> Mistakes:
    (first, second), (first_turned, second_turned) = (
        _pair(k, *others) for k in (kernel, _turned(kernel))
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
    channels = (slice(-1, None), slice(1))
    return {
        "channels-swapped": [
            lambda: _of_batch(x, kernel.swapaxes(2, 3), stride=stride),
            _of_batch(x, kernel.reshape(_swapped(kernel.shape)).swapaxes(2, 3), stride=stride),
        ],
        "kernel-turned": _of_batch(x, _turned(kernel), stride=stride),
        "averaged": right / kernel.shape[3],
        "one-channel": [_of_batch(x[..., c], kernel[..., c], stride=stride) for c in channels],
        "images-added": np.broadcast_to(right.sum(0), right.shape),
        "first-image-only": np.broadcast_to(right[:1], right.shape),
    }


def _swapped(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*shape[:2], shape[3], shape[2])
