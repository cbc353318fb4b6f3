"""Visible checks of assignment 01-zero-insertion.

Each check calls public `expect_...` functions with small examples. The hidden tests call the same
functions with other sizes, so that a student whose answer fails there is told why in the same
words. Right answers come from Keras through `autograder.lab.oracle`, from stored values or from
properties.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import keras
import numpy as np

from autograder.lab import oracle
from autograder.lab.checking import visible_check
from autograder.lab.trial import Mistake, Trial

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
        backwards = tuple(slice(None, None, -1) for _ in shape)
        return np.ascontiguousarray(values[backwards])[backwards]
    return values


def _rtol(*arrays: np.ndarray) -> float:
    return 1e-4 if any(a.dtype == np.float32 for a in arrays) else 1e-5


def _turned(kernel: np.ndarray) -> np.ndarray:
    return kernel[::-1, ::-1]


def _stamped(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """Keras' result without the zeros that it adds where the kernel is smaller than the stride."""
    rows, columns = ((n - 1) * stride + k for n, k in zip(x.shape, kernel.shape, strict=True))
    return oracle.conv2d_transpose(x, kernel, stride)[:rows, :columns]


def _other_kernels(kernel: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Kernels that are taken for the right one, with what was done to them."""
    yield "the kernel is turned upside down, but not left to right.", kernel[::-1]
    yield "the kernel is mirrored left to right, but not top to bottom.", kernel[:, ::-1]
    if kernel.shape[0] == kernel.shape[1]:
        yield "rows and columns of the kernel change places (`.T`).", kernel.T
        yield "the kernel is turned by 90 degrees.", np.rot90(kernel)
        yield "the kernel is turned by 90 degrees.", np.rot90(kernel, 3)


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
    rows, columns = ((n - 1) * stride + 1 for n in x.shape)
    wide = oracle.conv2d_transpose(x, np.ones((1, 1)), stride + 1)
    block = np.ones((stride, stride))
    result = trial.call(x, stride)
    trial.expect(
        spread[:rows, :columns],
        mistakes=[
            Mistake("zeros follow the last row and column, too: they stand only between "
                    "entries.", spread),
            Mistake("`stride` zeros are put between two entries, one too many.",
                    wide[: rows + x.shape[0] - 1, : columns + x.shape[1] - 1]),
            Mistake("zeros are inserted between the columns, but not between the rows.",
                    spread[:rows:stride, :columns]),
            Mistake("zeros are inserted between the rows, but not between the columns.",
                    spread[:rows, :columns:stride]),
            Mistake("zeros stand before the first row and column, too: they stand only between "
                    "entries.", np.pad(spread[:rows, :columns], ((stride - 1, 0),) * 2)),
            Mistake("entries are repeated where zeros belong.", np.kron(x, block)),
            Mistake("entries are repeated where zeros belong.",
                    np.kron(x, block)[:rows, :columns]),
        ],
        dtype=x.dtype,
    )  # fmt: skip
    if np.shares_memory(result, x):
        trial.fail(
            "It returns the caller's own array, or a view of it: who writes into the result "
            "changes `x`. A new array is asked for, also for stride 1."
        )


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
    right = oracle.conv2d(x, kernel, stride=1)
    around = [((k - 1) // 2, k // 2) for k in kernel.shape]
    margin = [(0, k - 1) for k in kernel.shape]
    trial.call(x, kernel)
    trial.expect(
        right,
        mistakes=[
            Mistake("the kernel is turned by 180 degrees first. Mathematicians call that a "
                    "convolution; deep learning leaves the kernel as it is.",
                    oracle.conv2d(x, _turned(kernel), stride=1)),
            *(Mistake(says, oracle.conv2d(x, k, stride=1)) for says, k in _other_kernels(kernel)),
            Mistake("the last position of the window is left out along both axes.",
                    right[:-1, :-1]),
            Mistake("the output has the size of `x`, with zeros where the window does not fit: "
                    "only positions at which it lies inside `x` count.", np.pad(right, margin)),
            Mistake("`x` is padded first, so that the output has the size of `x`: only positions "
                    "at which the window lies inside `x` count.",
                    lambda: oracle.conv2d(np.pad(x, around), kernel, stride=1)),
            Mistake("`x` is padded first, so that every overlap counts: only positions at which "
                    "the window lies inside `x` do.",
                    lambda: oracle.conv2d(np.pad(x, [(k - 1,) * 2 for k in kernel.shape]),
                                          kernel, stride=1)),
            Mistake("the products are averaged; they are summed.", right / kernel.size),
        ],
        rtol=_rtol(x, kernel),
    )  # fmt: skip


# --------------------------------------------------------------------------------- stamp
@visible_check("x", "kernel", "stride", points=5)
def stamp(trial: Trial) -> None:
    """Overlap by one, then sizes that differ, then stamps that leave gaps."""
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    # As if each stamp replaced what the stamps before it left.
    replaced = [[1, 2, 2, 4, 6], [4, 5, 8, 10, 12], [3, 6, 4, 8, 12], [12, 15, 16, 20, 24],
                [21, 24, 28, 32, 36]]  # fmt: skip
    overwriting = Mistake("a stamp replaces what is already there: where stamps overlap, they "
                          "add up.", np.array(replaced, dtype=float))  # fmt: skip
    expect_stamps(trial, x, kernel, 2, [overwriting])
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in [((2, 3), (4, 2), 1), ((3, 2), (1, 2), 3)]:
        x, kernel = generator.integers(1, 6, shape), generator.integers(1, 6, size)
        expect_stamps(trial, x.astype("float32"), kernel.astype("float32"), stride)


def expect_stamps(
    trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int, mistakes: Sequence[Mistake] = ()
) -> None:
    """Compare with Keras' transposed convolution."""
    right = _stamped(x, kernel, stride=stride)
    trial.call(x, kernel, stride)
    trial.expect(
        right,
        mistakes=[
            *mistakes,
            Mistake("the kernel is turned by 180 degrees: a stamp leaves it as it is.",
                    _stamped(x, _turned(kernel), stride=stride)),
            *(Mistake(says, _stamped(x, k, stride=stride)) for says, k in _other_kernels(kernel)),
            *_wrong_frames(x, kernel, stride, right),
        ],
        rtol=_rtol(x, kernel),
    )  # fmt: skip


def _wrong_frames(
    x: np.ndarray, kernel: np.ndarray, stride: int, right: np.ndarray
) -> Iterator[Mistake]:
    """Right numbers in an array of the wrong size, and the stride left out."""
    keras_size = oracle.conv2d_transpose(x, kernel, stride)
    yield Mistake("the stride is not used.", _stamped(x, kernel, stride=1))
    yield Mistake("the output ends with the gap after the last stamp: it ends where the last "
                  "stamp ends.", keras_size)  # fmt: skip
    for extra in (1, stride - 1, stride):
        yield Mistake("the output is too long: it ends where the last stamp ends.",
                      np.pad(right, ((0, extra),) * 2))  # fmt: skip


# --------------------------------------------------------------------------------- transpose_conv2d
@visible_check("x", "kernel", "stride", points=5)
def transpose_conv2d(trial: Trial) -> None:
    """The example of `stamp`, then sizes that differ, then a kernel smaller than the stride."""
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    expect_transposed(trial, x, kernel, 2)
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in [((2, 3), (4, 2), 1), ((3, 4), (2, 3), 2), ((3, 2), (1, 2), 3)]:
        x, kernel = generator.integers(1, 6, shape), generator.integers(1, 6, size)
        expect_transposed(trial, x.astype("float32"), kernel.astype("float32"), stride)


def expect_transposed(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution."""
    right = _stamped(x, kernel, stride=stride)
    not_turned = _stamped(x, _turned(kernel), stride=stride)
    trial.call(x, kernel, stride)
    trial.expect(
        right,
        mistakes=[
            Mistake("the kernel is not turned by 180 degrees before the correlation.", not_turned),
            *(
                Mistake(says, _stamped(x, _turned(k), stride=stride))
                for says, k in _other_kernels(kernel)
            ),
            Mistake("`k` zeros are put around the expanded input, one too many on every side.",
                    np.pad(right, 1)),
            Mistake("no zeros are put around the expanded input.", _inner(right, kernel, 1)),
            Mistake("no zeros are put around the expanded input, and the kernel is not turned.",
                    _inner(not_turned, kernel, 1)),
            Mistake("too few zeros are put around the expanded input: the kernel must reach its "
                    "first entry with its last one.", _inner(right, kernel, 2)),
            Mistake("zeros follow the last row and column of the expanded input.",
                    np.pad(right, ((0, stride - 1),) * 2)),
            *_wrong_frames(x, kernel, stride, right),
        ],
        rtol=_rtol(x, kernel),
    )  # fmt: skip


def _inner(full: np.ndarray, kernel: np.ndarray, part: int) -> np.ndarray:
    """What is left of a full result when (k-1)/part zeros are missing on every side."""
    (top, left) = (k - 1 - (k - 1) * (part - 1) // part for k in kernel.shape)
    return full[top : full.shape[0] - top, left : full.shape[1] - left]


# --------------------------------------------------------------------------------- output_length
@visible_check("n", "kernel_size", "stride", "padding", "output_padding", points=4)
def output_length(trial: Trial) -> None:
    """Each formula, the case that fails only when the layer is called, and two bad arguments."""
    for arguments in [
        (4, 3, 2, "valid"), (4, 2, 3, "valid"), (4, 3, 2, "same"), (4, 4, 2, "same"),
        (4, 3, 2, "valid", 0), (4, 3, 2, "valid", 1), (4, 3, 2, "same", 1), (4, 5, 3, "same", 2),
        (4, 4, 2, "same", 0), (4, 1, 3, "valid", 1),
    ]:  # fmt: skip
        expect_length(trial, *arguments)
    for output_padding in (2, -1):
        trial.expect_error(ValueError, ("output_padding",), 4, 3, 2, "valid", output_padding)


def expect_length(
    trial: Trial, n: int, size: int, stride: int, padding: str, *output_padding: int | None
) -> None:
    """Compare one length with what Keras computes for the layer."""
    extra = output_padding[0] if output_padding else None

    def without() -> int:
        return _length(n, size, stride, padding, None)

    def with_zero() -> int:
        return _length(n, size, stride, padding, 0)

    other = "same" if padding == "valid" else "valid"
    trial.call(n, size, stride, padding, *output_padding)
    if extra is None:
        gap = ("a kernel smaller than the stride is left out of account: without `output_padding`, "
               "the gap after the last stamp counts, too.")  # fmt: skip
        zero = "None is taken for 0: without `output_padding` another formula holds."
        mistakes = [Mistake(gap if padding == "valid" else zero, with_zero)]
    else:
        false = "`output_padding=0` is taken for None: in a condition, both are false."
        mistakes = [
            Mistake("`output_padding` is left out." if extra else false, without),
            Mistake("`output_padding` is left out.", with_zero),
            Mistake("`output_padding` is added to the length without it; the formula is another "
                    "one.", lambda: without() + extra),
        ]  # fmt: skip
    mistakes += [
        Mistake("the padding is taken for the other one.",
                lambda: _length(n, size, stride, other, extra)),
        Mistake("the length is `n * stride`.", n * stride),
        Mistake("the last stamp is counted `stride` entries further: there are `n - 1` steps "
                "between `n` stamps.", n * stride + size + (extra or 0)),
    ]  # fmt: skip
    trial.expect(_length(n, size, stride, padding, extra), mistakes)


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
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    expect_same(trial, x, kernel, 2)
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in [((2, 3), (4, 5), 2), ((3, 2), (3, 1), 3)]:
        x, kernel = generator.integers(1, 6, shape), generator.integers(1, 6, size)
        expect_same(trial, x.astype("float32"), kernel.astype("float32"), stride)


def expect_same(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution, padding="same"."""
    valid = oracle.conv2d_transpose(x, kernel, stride)
    lengths = [n * stride for n in x.shape]
    spare = [max(k - stride, 0) for k in kernel.shape]
    trial.call(x, kernel, stride)
    trial.expect(
        oracle.conv2d_transpose(x, kernel, stride, padding="same"),
        mistakes=[
            Mistake("nothing is cropped.", valid),
            Mistake("everything is cropped at the bottom and the right.",
                    _window(valid, [0, 0], lengths)),
            Mistake("everything is cropped at the top and the left.",
                    _window(valid, spare, lengths)),
            Mistake("the odd row or column is cropped on the wrong side.",
                    _window(valid, [n - n // 2 for n in spare], lengths)),
            Mistake("a kernel smaller than the stride leaves the result too short: fill it up with "
                    "zeros at the bottom and the right.",
                    _window(_stamped(x, kernel, stride=stride), [n // 2 for n in spare], lengths)),
            Mistake("a kernel smaller than the stride is centered in its gap: the zeros stand at "
                    "the bottom and the right only.", lambda: _centered(x, kernel, stride)),
            Mistake("the kernel is turned the wrong way.",
                    oracle.conv2d_transpose(x, _turned(kernel), stride, padding="same")),
        ],
        rtol=_rtol(x, kernel),
    )  # fmt: skip


def _window(full: np.ndarray, starts: Sequence[int], lengths: Sequence[int]) -> np.ndarray:
    (top, left), (rows, columns) = starts, lengths
    return full[top : top + rows, left : left + columns]


def _centered(x: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """`same`, with a small kernel in the middle of a field of stride x stride."""
    missing = [max(stride - k, 0) for k in kernel.shape]
    kernel = np.pad(kernel, [(n // 2, n - n // 2) for n in missing])
    return oracle.conv2d_transpose(x, kernel, stride, padding="same")


# --------------------------------------------------------------------------------- conv_matrix
@visible_check("kernel", "input_shape", "stride", points=5)
def conv_matrix(trial: Trial) -> None:
    """A matrix that fits the page, then products with random images at two strides."""
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
    right = np.array([[1, 2, 0, 3, 4, 0, 0, 0, 0], [0, 1, 2, 0, 3, 4, 0, 0, 0],
                      [0, 0, 0, 1, 2, 0, 3, 4, 0], [0, 0, 0, 0, 1, 2, 0, 3, 4]])  # fmt: skip
    by_columns = right.reshape(2, 2, 3, 3).transpose(1, 0, 3, 2).reshape(4, 9)
    trial.call(kernel, (3, 3), 1)
    trial.expect(
        right.astype(float),
        mistakes=[
            Mistake("the kernel is turned by 180 degrees.", np.where(right, 5 - right, 0)),
            Mistake("rows and columns of the matrix change places: it is the transpose.", right.T),
            Mistake("pixels are numbered column by column; `ravel` goes row by row.", by_columns),
        ],
    )  # fmt: skip
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
        trial.fail(f"A dense NumPy array of numbers is wanted, not a {type(matrix).__name__}.")
    pixels = shape[0] * shape[1]
    entries, at_stride_1 = (
        oracle.conv2d(np.zeros(shape), kernel, stride=s).size for s in (stride, 1)
    )
    if matrix.shape != (entries, pixels):
        says = {(pixels, entries): "rows and columns change places: it is the transpose.",
                (at_stride_1, pixels): "the stride is not used."}.get(matrix.shape)  # fmt: skip
        trial.fail(
            f"expected  an array of shape {(entries, pixels)}: one row for each entry of the "
            "output, one column for each pixel",
            f"returned  an array of shape {matrix.shape}",
            *([f"This is what comes out if {says}"] if says else []),
        )
    images = [generator.normal(0, 1, shape) for _ in range(pixels + 1)]
    if _computes(matrix, kernel, images, stride):
        return
    lines = ["`C @ x.ravel()` is not the strided correlation of a random image x."]
    if _computes(matrix, _turned(kernel), images[:2], stride):
        lines.append("This is what comes out if the kernel is turned by 180 degrees.")
    if _computes(matrix, kernel, images[:2], stride, order="F"):
        lines.append("This is what comes out if pixels are numbered column by column; `ravel` "
                     "goes row by row.")  # fmt: skip
    trial.fail(*lines)


def _computes(
    matrix: np.ndarray,
    kernel: np.ndarray,
    images: Sequence[np.ndarray],
    stride: int,
    order: Literal["C", "F"] = "C",
) -> bool:
    """Whether the matrix does to images, unrolled in this order, what Keras does."""
    return all(
        np.allclose(
            matrix @ x.ravel(order),
            oracle.conv2d(x, kernel, stride=stride).ravel(order),
            rtol=0,
            atol=1e-4,
        )
        for x in images
    )


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
    forward, back = oracle.conv2d(x, kernel, stride=stride), _stamped(y, kernel, stride=stride)
    first, second = float(np.sum(forward * y)), float(np.sum(x * back))
    turned = _turned(kernel)
    first_turned = float(np.sum(oracle.conv2d(x, turned, stride=stride) * y))
    second_turned = float(np.sum(x * _stamped(y, turned, stride=stride)))
    trial.call(kernel, x, y, stride)
    trial.expect(
        (first, second),
        mistakes=[
            Mistake("the kernel of the transposed convolution is turned once too often or not at "
                    "all.", (first, second_turned)),
            Mistake("the kernel of the convolution is turned: deep learning leaves it as it is.",
                    (first_turned, second)),
            Mistake("the kernel is turned in both.", (first_turned, second_turned)),
        ],
        atol=_rtol(kernel, x, y) * float(np.linalg.norm(forward) * np.linalg.norm(y)),
    )  # fmt: skip


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
    for scale in (1.0, -0.25):  # the way there and back gives 10 * scale**2 everywhere
        trial.call(x, scale * np.ones((2, 2)), 1)
        back = 10 * scale**2
        trial.expect(
            math.sqrt(1 / 6),
            mistakes=[
                Mistake("the two are compared without the factor that brings them closest.",
                        np.linalg.norm(x - back) / np.linalg.norm(x)),
                Mistake("the distance is not divided by the length of `x`.", np.sqrt(5)),
                Mistake("squares are compared: a root is missing.", 1 / 6),
                Mistake("the distance is divided by the length of what came back; `x` is what it "
                        "is relative to.", np.sqrt(5) / (2 * back)),
                Mistake("what came back is scaled to the length of `x`, which is not the factor "
                        "that brings the two closest.",
                        np.linalg.norm(x - np.sqrt(7.5)) / np.linalg.norm(x)),
                Mistake("the factor is divided by the squared length of `x`: it scales what came "
                        "back, so that is what it is divided by.",
                        np.linalg.norm(x - back * (10 * back / 30)) / np.linalg.norm(x)),
            ],
        )  # fmt: skip
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(math.sqrt(6 / 7))  # back comes [-1, 0, 1]
    trial.call(np.array([[1.0, 2.0, 3.0]]), np.array([[5.0]]), 1)
    trial.expect(0.0)
    trial.call(np.array([[2.0, 2.0, 2.0]]), np.array([[1.0, -1.0]]), 1)
    trial.expect(
        1.0,
        mistakes=[
            Mistake("0 is divided by 0: all that came back is zero.", math.nan),
            Mistake("all that came back is zero, and that counts as no error.", 0.0),
        ],
    )


# ---------------------------------------------------------------------------- transpose_conv2d_nhwc
@visible_check("x", "kernel", "stride", points=3)
def transpose_conv2d_nhwc(trial: Trial) -> None:
    """As many channels in as out, then everything different."""
    generator = np.random.default_rng(_SEED)
    for shape, size, stride in [((1, 2, 2, 2), (3, 3, 2, 2), 2), ((2, 3, 4, 3), (2, 4, 5, 3), 1)]:
        expect_channels(
            trial, draw(generator, shape, "float32"), draw(generator, size, "float32"), stride
        )


def expect_channels(trial: Trial, x: np.ndarray, kernel: np.ndarray, stride: int) -> None:
    """Compare with Keras' transposed convolution of a batch."""
    outputs, inputs = kernel.shape[2:]
    right = _batch(x, kernel, stride=stride)
    trial.call(x, kernel, stride)
    trial.expect(
        right,
        mistakes=[
            *(
                [Mistake("the kernel's last two axes are read as (in, out); Keras has (out, in).",
                         _batch(x, kernel.swapaxes(2, 3), stride=stride))]
                if outputs == inputs else []
            ),
            Mistake("the kernel is turned the wrong way.",
                    _batch(x, kernel[::-1, ::-1], stride=stride)),
            Mistake("the channels of the input are averaged; they are summed.", right / inputs),
            Mistake("only one channel of the input is used.",
                    _batch(x[..., -1:], kernel[..., -1:], stride=stride)),
            Mistake("only one channel of the input is used.",
                    _batch(x[..., :1], kernel[..., :1], stride=stride)),
            Mistake("the images of the batch are added up.",
                    np.broadcast_to(right.sum(0), right.shape)),
            Mistake("every image of the batch is the first one.",
                    np.broadcast_to(right[:1], right.shape)),
            Mistake("the output has its channels first; Keras has them last.",
                    np.moveaxis(right, 3, 1)),
        ],
        atol=1e-5,
    )  # fmt: skip


def _batch(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    x, kernel = (np.array(a, dtype="float64", order="C") for a in (x, kernel))
    return np.asarray(keras.ops.conv_transpose(x, kernel, strides=stride, padding="valid"))
