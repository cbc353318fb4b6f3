"""Pairs of linear maps as matrices: each the adjoint of the other, or broken in one thing.

The check of `is_adjoint` asks about them. A map travels as the matrix that multiplies an array
unrolled row after row, and `judged` makes a function of it where the student's code runs. Where a
kernel matters, the maps are convolutions of Keras' (see `oracle`); elsewhere they are random.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.lab import oracle

_Shape = tuple[int, ...]
_LEAST = 0.1  # how far a broken map is from the adjoint, relative to the length of both


@dataclass(frozen=True)
class LinearMap:
    """A linear map: its matrix, (entries of the result, entries of the argument)."""

    matrix: np.ndarray


@dataclass(frozen=True)
class Pair:
    """Two maps, there and back.

    Attributes:
        kind: "adjoint", or what is broken: a key of `BROKEN`.
        forward: From `input_shape` to `output_shape`.
        backward: From `output_shape` to `input_shape`.
        input_shape: Of what `forward` takes.
        output_shape: Of what `backward` takes.
    """

    kind: str
    forward: LinearMap
    backward: LinearMap
    input_shape: _Shape
    output_shape: _Shape

    @property
    def shapes(self) -> tuple[_Shape, _Shape]:
        """Both shapes."""
        return self.input_shape, self.output_shape

    def times(self, factor: float, back: float = 1) -> "Pair":
        """Both maps multiplied by a number, which keeps an adjoint adjoint and a broken one not.

        Args:
            factor: For both maps.
            back: One more for the way back.
        """
        there, returns = self.forward.matrix, self.backward.matrix
        maps = LinearMap(factor * there), LinearMap(factor * back * returns)
        return replace(self, forward=maps[0], backward=maps[1])

    def rounded(self) -> "Pair":
        """The same pair with whole numbers of up to three digits or so, twenty to the one."""
        maps = [LinearMap(np.rint(20 * m.matrix)) for m in (self.forward, self.backward)]
        return replace(self, forward=maps[0], backward=maps[1])

    def reversed(self) -> "Pair":
        """The same pair the other way round."""
        shapes = self.output_shape, self.input_shape
        return Pair(self.kind, self.backward, self.forward, *shapes)


def judged(
    is_adjoint: Callable[..., Any],
    forward_matrix: np.ndarray,
    backward_matrix: np.ndarray,
    input_shape: _Shape,
    output_shape: _Shape,
    rng: np.random.Generator,
    whole: bool = False,
) -> Any:
    """Call an answer with the maps that these matrices make; it runs beside the answer.

    A set-up cell imports it, so that grading can call it in the student's process.

    Args:
        is_adjoint: The answer.
        forward_matrix: Of the first map.
        backward_matrix: Of the second map.
        input_shape: Of what `forward` takes.
        output_shape: Of what `backward` takes.
        rng: The generator that is handed over.
        whole: Let it draw whole numbers instead, with which nothing is rounded.
    """
    if whole:
        rng = _WholeNumbers(rng.bit_generator)

    def forward(x: np.ndarray) -> np.ndarray:
        return _mapped("forward", forward_matrix, x, input_shape).reshape(output_shape)

    def backward(y: np.ndarray) -> np.ndarray:
        return _mapped("backward", backward_matrix, y, output_shape).reshape(input_shape)

    return is_adjoint(forward, backward, input_shape, output_shape, rng)


class _WholeNumbers(np.random.Generator):
    """Draws whole numbers, as floats, whichever of the usual distributions is asked for."""

    def normal(self, loc: Any = 0, scale: Any = 1, size: Any = None) -> Any:
        del loc, scale
        return self.integers(-1000, 1001, size).astype("float64")

    def standard_normal(self, size: Any = None, *_: Any, **__: Any) -> Any:
        return self.normal(size=size)

    def random(self, size: Any = None, *_: Any, **__: Any) -> Any:
        return self.normal(size=size)

    def uniform(self, low: Any = 0, high: Any = 1, size: Any = None) -> Any:
        return self.normal(low, high, size)


def _mapped(name: str, matrix: np.ndarray, x: np.ndarray, shape: _Shape) -> np.ndarray:
    if np.shape(x) != shape:
        raise ValueError(f"{name} takes an array of shape {shape}, not {np.shape(x)}")
    return matrix @ np.asarray(x, "float64").ravel()


def adjoint(
    generator: np.random.Generator, small: _Shape, size: _Shape = (3, 3), stride: int = 2
) -> Pair:
    """A strided convolution and its transpose.

    Args:
        generator: Where the kernel comes from.
        small: Shape of what the convolution gives: (h, w) or (h, w, channels).
        size: Of the kernel: (kh, kw) or (kh, kw, channels of the input). With another number of
            axes in either, it is a random matrix between arrays of these two shapes.
        stride: Of both.
    """
    if len(small) not in (2, 3) or len(size) not in (2, 3):
        matrix = generator.normal(size=(math.prod(small), math.prod(size)))
        return Pair("adjoint", LinearMap(matrix), LinearMap(matrix.T), size, small)
    back, large = _stamps(_kernel(generator, small, size), small, stride)
    if len(size) == 2:
        large = large[:2]
    return Pair("adjoint", LinearMap(back.T), LinearMap(back), large, small)


def broken(
    kind: str, generator: np.random.Generator, small: _Shape, size: _Shape = (3, 3), stride: int = 2
) -> Pair:
    """A pair that is far from adjoint, drawn again until it is.

    Args:
        kind: A key of `BROKEN`.
        generator: Where numbers come from.
        small: Shape of what the forward map gives: (h, w) or (h, w, channels) for a convolution.
        size: Of the kernel.
        stride: Of the convolution.
    """
    for _ in range(100):
        pair = replace(BROKEN[kind](generator, small, size, stride), kind=kind)
        there, back = pair.forward.matrix, pair.backward.matrix.T
        lengths = np.linalg.norm(there) + np.linalg.norm(back)
        if np.linalg.norm(there - back) >= _LEAST * lengths:
            return pair
    raise ValueError(f"no pair of this kind is broken: {kind}, {small}, {size}, {stride}")


def slightly_scaled(generator: np.random.Generator) -> Pair:
    """Maps of arrays with a single entry; one of them gives 1 percent too much.

    Unless an entry is 0, the two numbers differ by 5e-3 in the measure of the task.
    """
    matrix = generator.uniform(1, 2, (1, 1))
    shapes = (1,), (1, 1)
    return Pair("slightly-scaled", LinearMap(matrix), LinearMap(1.01 * matrix), *shapes)


def _kernel(generator: np.random.Generator, small: _Shape, size: _Shape) -> np.ndarray:
    """A random kernel as a transposed convolution has it: (kh, kw, out, in)."""
    (kh, kw, *outputs), (_, _, *inputs) = size, small
    return generator.normal(size=(kh, kw, *(outputs or [1]), *(inputs or [1])))


def _stamps(
    kernel: np.ndarray, small: _Shape, stride: int | tuple[int, int], padding: str = "valid"
) -> tuple[np.ndarray, _Shape]:
    """The matrix of a transposed convolution, and the shape of what it gives: (H, W, channels)."""
    entries, channels = math.prod(small), kernel.shape[3]
    units = np.eye(entries).reshape(entries, *small[:2], channels)
    images = oracle.conv_transpose(units, kernel, stride=stride, padding=padding)
    return images.reshape(entries, -1).T, images.shape[1:]


def _with_another_kernel(turn: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Pair]:
    def make(generator: np.random.Generator, small: _Shape, size: _Shape, stride: int) -> Pair:
        kernel = _kernel(generator, small, size)
        forward, large = _stamps(kernel, small, stride)
        back, _ = _stamps(turn(kernel), small, stride)
        large = large[: len(size)]
        return Pair("", LinearMap(forward.T), LinearMap(back), large, small)

    return make


def _with_another_way_back(
    change: Callable[[np.ndarray, np.random.Generator], np.ndarray],
) -> Callable[..., Pair]:
    """Changes the images, (H, W, ...), that the transposed convolution makes of single entries."""

    def make(generator: np.random.Generator, small: _Shape, size: _Shape, stride: int) -> Pair:
        pair = adjoint(generator, small, size, stride)
        back = pair.backward.matrix
        images = change(back.reshape(*pair.input_shape, -1), generator)
        return replace(pair, backward=LinearMap(images.reshape(back.shape)))

    return make


def _cropped(generator: np.random.Generator, small: _Shape, size: _Shape, stride: int) -> Pair:
    """Padding "same": the odd row and column go at the other side on the way back."""
    kernel = _kernel(generator, small, size)
    there, (rows, columns, *_) = _stamps(kernel, small, stride, padding="same")
    full, (height, width, channels) = _stamps(kernel, small, stride)
    images = full.reshape(height, width, channels, -1)
    tops = [n - m - (n - m) // 2 for n, m in zip((height, width), (rows, columns), strict=True)]
    back = images[tops[0] : tops[0] + rows, tops[1] : tops[1] + columns].reshape(there.shape)
    large = (rows, columns, channels)[: len(size)]
    return Pair("", LinearMap(there.T), LinearMap(back), large, small)


def _one_stride(generator: np.random.Generator, small: _Shape, size: _Shape, stride: int) -> Pair:
    """On the way back the stride is used on one axis only."""
    kernel = _kernel(generator, small, size)
    there, (height, width, channels) = _stamps(kernel, small, stride)
    strides = (stride, 1) if generator.random() < 0.5 else (1, stride)
    narrow, (rows, columns, _) = _stamps(kernel, small, strides)
    back = np.zeros((height, width, channels, there.shape[1]))
    back[:rows, :columns] = narrow.reshape(rows, columns, channels, -1)
    large = (height, width, channels)[: len(size)]
    return Pair("", LinearMap(there.T), LinearMap(back.reshape(there.shape)), large, small)


def _hidden(generator: np.random.Generator, small: _Shape, size: _Shape, stride: int) -> Pair:
    """The difference cannot be seen where one of the inputs is constant or counts up."""
    pair = adjoint(generator, small, size, stride)
    seen = generator.normal(size=pair.forward.matrix.shape)
    for axis, entries in enumerate(seen.shape):
        ramps = np.linalg.qr(np.stack([np.ones(entries), np.arange(entries)], axis=1))[0]
        seen = seen - np.moveaxis(np.tensordot(ramps @ ramps.T, seen, (1, axis)), 0, axis)
    return replace(pair, backward=LinearMap(pair.backward.matrix + seen.T))


def _hidden_from_images(
    generator: np.random.Generator, small: _Shape, size: _Shape, _: int
) -> Pair:
    """The difference cannot be seen where `y` is `forward(x)`: it is in what that never gives."""
    del size
    entries = math.prod(small)
    forward = np.linalg.qr(generator.normal(size=(2 * entries, entries)))[0]
    unseen = np.eye(2 * entries) - forward @ forward.T  # what `forward` never gives
    turned, other = (
        generator.normal(size=(entries, entries)),
        generator.normal(size=forward.T.shape),
    )
    back = forward.T + (turned - turned.T) @ forward.T + other @ unseen
    return Pair("", LinearMap(forward), LinearMap(back), small, (*small, 2))


def _antisymmetric(generator: np.random.Generator, small: _Shape, size: _Shape, _: int) -> Pair:
    """The difference cannot be seen where both inputs are the same array."""
    del size
    forward, other = generator.normal(size=(2, math.prod(small), math.prod(small)))
    back = forward.T + other - other.T
    return Pair("", LinearMap(forward), LinearMap(back), small, small)


def _inverse(generator: np.random.Generator, small: _Shape, size: _Shape, _: int) -> Pair:
    """The way back undoes the way there, which does not keep lengths."""
    del size
    entries = math.prod(small)
    left, right = (np.linalg.qr(generator.normal(size=(entries, entries)))[0] for _ in range(2))
    lengths = np.linspace(0.5, 2, entries)
    forward, back = (left * lengths) @ right.T, (right / lengths) @ left.T
    return Pair("", LinearMap(forward), LinearMap(back), small, small)


def _shifted(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.roll(images, 1, axis=int(generator.integers(2)))


BROKEN: Mapping[str, Callable[..., Pair]] = {
    "kernel-turned": _with_another_kernel(lambda kernel: kernel[::-1, ::-1]),
    "axes-swapped": _with_another_kernel(lambda kernel: kernel.swapaxes(0, 1)),
    "cropped-on-the-other-side": _cropped,
    "stride-on-one-axis": _one_stride,
    "shifted": _with_another_way_back(_shifted),
    "scaled": _with_another_way_back(lambda images, _: 2 * images),
    "negated": _with_another_way_back(lambda images, _: -images),
    "hidden-from-constants": _hidden,
    "hidden-from-images": _hidden_from_images,
    "antisymmetric": _antisymmetric,
    "inverse": _inverse,
}
