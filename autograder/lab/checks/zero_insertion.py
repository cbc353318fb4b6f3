"""Visible checks of assignment 01-zero-insertion, for its notebook and its hidden tests.

Right answers come from Keras through `lab.oracle`, from stored values or from properties.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, Literal

import keras
import numpy as np

from autograder.lab import oracle
from autograder.lab.checking import visible_check
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
        x, kernel = generator.integers(1, 6, shape), generator.integers(1, 6, size)
        yield x.astype("float32"), kernel.astype("float32"), stride


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
) -> dict[str, list[np.ndarray]]:
    """What `compute` gives for kernels that are taken for the right one."""
    others = {"upside-down": [kernel[::-1]], "mirrored": [kernel[:, ::-1]]}
    if kernel.shape[0] == kernel.shape[1]:
        others["kernel-transposed"] = [kernel.T]
        others["turned-by-90"] = [np.rot90(kernel), np.rot90(kernel, 3)]
    return {kind: [compute(k) for k in kernels] for kind, kernels in others.items()}


# --------------------------------------------------------------------------------- insert_zeros
@visible_check("x", "stride", points=4)
def insert_zeros(trial: Trial) -> None:
    """A square, a wide and a tall array, two of them with other dtypes."""
    for shape, stride, dtype in [((2, 2), 2, "float64"), ((2, 3), 3, "float32"), ((3, 2), 1, int)]:
        x = np.arange(1, shape[0] * shape[1] + 1, dtype=dtype).reshape(shape)
        expect_expanded(trial, x, stride)


def expect_expanded(trial: Trial, x: np.ndarray, stride: int) -> None:
    """Keras spreads the entries out with a kernel of one pixel."""
    spread = oracle.conv2d_transpose(x, np.ones((1, 1)), stride)
    wide = oracle.conv2d_transpose(x, np.ones((1, 1)), stride + 1)
    rows, columns = ((n - 1) * stride + 1 for n in x.shape)
    right = spread[:rows, :columns]
    repeated = np.kron(x, np.ones((stride, stride)))
    result = trial.call(x, stride)
    mistakes = {
        "zeros-at-the-end": spread,
        "one-zero-too-many": wide[: rows + x.shape[0] - 1, : columns + x.shape[1] - 1],
        "columns-only": right[::stride],
        "rows-only": right[:, ::stride],
        "zeros-at-the-start": np.pad(right, ((stride - 1, 0),) * 2),
        "repeated": [repeated, repeated[:rows, :columns]],
    }
    trial.expect(right, mistakes, dtype=x.dtype)
    if np.shares_memory(result, x):
        trial.report("not-a-copy")


# --------------------------------------------------------------------------------- correlate2d
@visible_check("x", "kernel", points=4)
def correlate2d(trial: Trial) -> None:
    """A square example that fits the page, then sizes that differ, then a kernel as large as x."""
    x = np.arange(1.0, 10.0).reshape(3, 3)
    expect_correlation(trial, x, np.array([[1.0, 2.0], [3.0, 5.0]]))
    generator = np.random.default_rng(_SEED)
    for shape, size in [((3, 5), (2, 3)), ((6, 4), (3, 1)), ((2, 3), (2, 3))]:
        x, kernel = generator.integers(-4, 5, shape), generator.integers(1, 6, size)
        expect_correlation(trial, x.astype("float32"), kernel.astype("float32"))


def expect_correlation(trial: Trial, x: np.ndarray, kernel: np.ndarray) -> None:
    """Compare with Keras' convolution."""
    correlate = partial(oracle.conv2d, stride=1)
    right = correlate(x, kernel)
    margins = [((k - 1) // 2, k // 2) for k in kernel.shape]
    around = [margins, [(after, before) for before, after in margins]]
    at_the_end = [(0, k - 1) for k in kernel.shape]
    everywhere = [(k - 1, k - 1) for k in kernel.shape]
    mistakes = {
        "kernel-turned": correlate(x, _turned(kernel)),
        **_with_other_kernels(partial(correlate, x), kernel),
        "one-window-short": right[:-1, :-1],
        "filled-up": np.pad(right, at_the_end),
        "padded-to-the-same-size": [correlate(np.pad(x, width), kernel) for width in around],
        "padded-all-around": lambda: correlate(np.pad(x, everywhere), kernel),
        "averaged": right / kernel.size,
    }
    trial.call(x, kernel)
    trial.expect(right, mistakes, rtol=_rtol(x, kernel))


# --------------------------------------------------------------------------------- stamp
@visible_check("x", "kernel", "stride", points=5)
def stamp(trial: Trial) -> None:
    """Overlap by one, then sizes that differ, then stamps that leave gaps."""
    # As if each stamp replaced what the stamps before it left.
    replaced = np.array(
        [
            [1.0, 2.0, 2.0, 4.0, 6.0],
            [4.0, 5.0, 8.0, 10.0, 12.0],
            [3.0, 6.0, 4.0, 8.0, 12.0],
            [12.0, 15.0, 16.0, 20.0, 24.0],
            [21.0, 24.0, 28.0, 32.0, 36.0],
        ]
    )
    first, *others = _examples(((2, 3), (4, 2), 1), ((3, 2), (1, 2), 3))
    expect_stamps(trial, *first, {"overwrites": replaced})
    for example in others:
        expect_stamps(trial, *example)


def expect_stamps(
    trial: Trial,
    x: np.ndarray,
    kernel: np.ndarray,
    stride: int,
    mistakes: Mapping[str, Any] | None = None,
) -> None:
    """Compare with Keras' transposed convolution; `mistakes` are further ones of this example."""
    stamped = partial(_stamped, x, stride=stride)
    right = stamped(kernel)
    mistakes = {
        **(mistakes or {}),
        "kernel-turned": stamped(_turned(kernel)),
        **_with_other_kernels(stamped, kernel),
        **_wrong_frames(x, kernel, stride, right),
    }
    trial.call(x, kernel, stride)
    trial.expect(right, mistakes, rtol=_rtol(x, kernel))


def _wrong_frames(
    x: np.ndarray, kernel: np.ndarray, stride: int, right: np.ndarray
) -> dict[str, Any]:
    """Right numbers in an array of the wrong size, and the stride left out."""
    return {
        "stride-not-used": _stamped(x, kernel, stride=1),
        "gap-at-the-end": oracle.conv2d_transpose(x, kernel, stride),
        "too-long": [np.pad(right, ((0, extra),) * 2) for extra in (1, stride - 1, stride)],
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
    stamped = partial(_stamped, x, stride=stride)
    right, not_turned = stamped(kernel), stamped(_turned(kernel))
    mistakes = {
        "kernel-not-turned": not_turned,
        **_with_other_kernels(lambda k: stamped(_turned(k)), kernel),
        "padded-by-k": np.pad(right, 1),
        "not-padded": _inner(right, kernel, 1),
        "not-padded-not-turned": _inner(not_turned, kernel, 1),
        "padded-too-little": _inner(right, kernel, 2),
        "zeros-at-the-end": np.pad(right, ((0, stride - 1),) * 2),
        **_wrong_frames(x, kernel, stride, right),
    }
    trial.call(x, kernel, stride)
    trial.expect(right, mistakes, rtol=_rtol(x, kernel))


def _inner(full: np.ndarray, kernel: np.ndarray, part: int) -> np.ndarray:
    """What is left of a full result when (k-1)/part zeros are missing on every side."""
    (top, left) = (k - 1 - (k - 1) * (part - 1) // part for k in kernel.shape)
    return full[top : full.shape[0] - top, left : full.shape[1] - left]


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
    extra = output_padding[0] if output_padding else None
    other = "same" if padding == "valid" else "valid"
    length = partial(_length, n, size, stride, padding)  # of the output padding
    if extra is None:
        mistakes = {"gap-forgotten" if padding == "valid" else "none-is-zero": lambda: length(0)}
    elif extra == 0:
        mistakes = {"zero-is-none": lambda: length(None)}
    else:
        mistakes = {
            "output-padding-left-out": [lambda: length(None), lambda: length(0)],
            "output-padding-added": lambda: length(None) + extra,
        }
    mistakes |= {
        "other-padding": lambda: _length(n, size, stride, other, extra),
        "n-times-stride": n * stride,
        "n-steps": n * stride + size + (extra or 0),
    }
    trial.call(n, size, stride, padding, *output_padding)
    trial.expect(length(extra), mistakes)


@cache
def _length(n: int, size: int, stride: int, padding: str, output_padding: int | None) -> int:
    layer = keras.layers.Conv2DTranspose(
        1, size, strides=stride, padding=padding, output_padding=output_padding
    )
    return layer.compute_output_shape((None, n, n, 1))[1]


# ------------------------------------------------------------------------ transpose_conv2d_same
@visible_check("x", "kernel", "stride", points=4)
def transpose_conv2d_same(trial: Trial) -> None:
    """Uneven crop, even crop, sizes that differ, nothing to crop, and a gap to fill."""
    for example in _examples(((2, 3), (4, 5), 2), ((3, 2), (3, 1), 3)):
        expect_same(trial, *example)


def expect_same(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution, padding="same"."""
    same = partial(oracle.conv2d_transpose, x, stride=stride, padding="same")
    valid = oracle.conv2d_transpose(x, kernel, stride)
    lengths = [n * stride for n in x.shape]
    spare = [max(k - stride, 0) for k in kernel.shape]
    missing = [max(stride - k, 0) for k in kernel.shape]
    in_the_middle = np.pad(kernel, [(n // 2, n - n // 2) for n in missing])  # of its gap
    short = _stamped(x, kernel, stride=stride)
    mistakes = {
        "not-cropped": valid,
        "cropped-at-the-end": _window(valid, [0, 0], lengths),
        "cropped-at-the-start": [
            _window(valid, [n - n // 2 for n in spare], lengths),
            _window(valid, spare, lengths),
        ],
        "not-filled-up": _window(short, [n // 2 for n in spare], lengths),
        "centered-in-its-gap": lambda: same(in_the_middle),
        "kernel-turned": same(_turned(kernel)),
    }
    trial.call(x, kernel, stride)
    trial.expect(same(kernel), mistakes, rtol=_rtol(x, kernel))


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
    mistakes = {
        "kernel-turned": np.where(right, 5 - right, 0),
        "transposed": right.T,
        "column-by-column": right.reshape(2, 2, 3, 3).transpose(1, 0, 3, 2).reshape(4, 9),
    }
    trial.call(kernel, (3, 3), 1)
    trial.expect(right, mistakes)
    generator = np.random.default_rng(_SEED)
    expect_matrix(trial, draw(generator, (2, 3)), (4, 5), 1, generator)
    expect_matrix(trial, draw(generator, (3, 2), "float32"), (6, 5), 2, generator)


def expect_matrix(
    trial: Trial,
    kernel: np.ndarray,
    shape: tuple[int, int],
    stride: int,
    generator: np.random.Generator,
) -> None:
    """Look at the shape, then multiply with more random images than there are pixels."""
    matrix = trial.call(kernel, shape, stride)
    if not isinstance(matrix, np.ndarray) or matrix.dtype.kind not in "fiu":
        trial.report("not-a-matrix", given=type(matrix).__name__)
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
    if _computes(matrix, _turned(kernel), images[:2], stride):
        trial.report("kernel-turned")
    if _computes(matrix, kernel, images[:2], stride, order="F"):
        trial.report("column-by-column")
    trial.report("another-product")


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
    kernels = (kernel, _turned(kernel))
    forward = [oracle.conv2d(x, k, stride=stride) for k in kernels]
    first, first_turned = (float(np.sum(f * y)) for f in forward)
    second, second_turned = (float(np.sum(x * _stamped(y, k, stride=stride))) for k in kernels)
    mistakes = {
        "turned-on-the-way-back": (first, second_turned),
        "turned-in-the-convolution": (first_turned, second),
        "turned-in-both": (first_turned, second_turned),
    }
    length = float(np.linalg.norm(forward[0]) * np.linalg.norm(y))
    trial.call(kernel, x, y, stride)
    trial.expect((first, second), mistakes, atol=_rtol(kernel, x, y) * length)


def expect_bad_shapes(
    trial: Trial, kernel: np.ndarray, x: np.ndarray, y: np.ndarray, stride: int
) -> None:
    """Shapes that do not belong together must be refused."""
    trial.expect_error(ValueError, ("x", "y"), kernel, x, y, stride)


# --------------------------------------------------------------------------------- round_trip_error
@visible_check("x", "kernel", "stride", points=3)
def round_trip_error(trial: Trial) -> None:
    """Examples that can be worked out on paper, and a kernel that is scaled."""
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    size = np.linalg.norm(x)
    for scale in (1.0, -0.25):
        back = 10 * scale**2  # what comes back, in every entry
        mistakes = {
            "not-scaled": np.linalg.norm(x - back) / size,
            "not-relative": np.sqrt(5),
            "squared": 1 / 6,
            "relative-to-what-came-back": [np.sqrt(5) / (2 * back), np.sqrt(5) / 5],
            "scaled-to-the-same-length": np.linalg.norm(x - np.sqrt(7.5)) / size,
            "factor-over-x": np.linalg.norm(x - back * (10 * back / 30)) / size,
        }
        trial.call(x, scale * np.ones((2, 2)), 1)
        trial.expect(math.sqrt(1 / 6), mistakes)
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(math.sqrt(6 / 7))  # back comes [-1, 0, 1]
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[5.0]]), 1)
    trial.expect(0.0)
    trial.call(np.array([[2.0, 2.0, 2.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(1.0, {"zero-over-zero": math.nan, "zero-is-no-error": 0.0})


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
    outputs, inputs = kernel.shape[2:]
    transposed = partial(oracle.conv_transpose, stride=stride)
    right = transposed(x, kernel)
    swapped = {"channels-swapped": lambda: transposed(x, kernel.swapaxes(2, 3))}
    channels = (slice(-1, None), slice(1))
    mistakes = {
        **(swapped if outputs == inputs else {}),
        "kernel-turned": transposed(x, _turned(kernel)),
        "averaged": right / inputs,
        "one-channel": [transposed(x[..., c], kernel[..., c]) for c in channels],
        "images-added": np.broadcast_to(right.sum(0), right.shape),
        "first-image-only": np.broadcast_to(right[:1], right.shape),
        "channels-first": np.moveaxis(right, 3, 1),
    }
    trial.call(x, kernel, stride)
    trial.expect(right, mistakes, atol=1e-5)
