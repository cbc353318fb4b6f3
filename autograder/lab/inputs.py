"""Other inputs of an exercise, made from one: different ones of its kind, and smaller ones.

Nothing here knows the exercise. Axes at the same place that are equally long in several arguments
change together, and whoever asks drops what the exercise's oracle refuses.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Arguments = tuple[Any, ...]


def others(args: Arguments) -> Iterator[Arguments]:
    """Inputs that differ from `args` in one thing: the numbers, a length, or one number.

    Numbers of an array are halved or taken from the array itself, so that labels stay labels and
    probabilities stay probabilities.
    """
    generator = np.random.default_rng(0)
    yield tuple(v / 2 if _is_array(v) and v.dtype.kind == "f" else v for v in args)
    for _ in range(2):
        yield tuple(_shuffled(value, generator) for value in args)
    for axis, length in _lengths(args):
        longer = _take(args, axis, length, np.arange(length + 1) % length)
        yield tuple(_shuffled(value, generator) for value in longer)
    for index, value in enumerate(args):
        for other in _larger(value):
            yield _with(args, index, other)


def smaller(args: Arguments) -> Iterator[Arguments]:
    """Inputs that are simpler than `args` in one thing, the greatest step first."""
    for change in (np.ascontiguousarray, _in_columns, _whole, _halved):
        changed = tuple(change(v) if _is_array(v) else v for v in args)
        if not all(same(one, two) for one, two in zip(changed, args, strict=True)):
            yield changed
    for axis, length in _lengths(args):
        half = length // 2
        parts = [(0, 1), (0, half), (half, length), (0, length - 1), (1, length)]
        for start, stop in dict.fromkeys(parts):
            if 0 < stop - start < length:
                yield _take(args, axis, length, np.arange(start, stop))
    for index, value in enumerate(args):
        if isinstance(value, int) and not isinstance(value, bool):
            for less in dict.fromkeys([1, value // 2, value - 1]):
                if 0 < less < value:
                    yield _with(args, index, less)


def same(one: Any, two: Any) -> bool:
    """Return True if two arguments are equal, for arrays in their layout, too."""
    if not (_is_array(one) and _is_array(two)):
        return type(one) is type(two) and not _is_array(one) and bool(one == two)
    return one.strides == two.strides and np.array_equal(one, two, equal_nan=one.dtype.kind == "f")


def is_blanker(args: Arguments, before: Arguments) -> bool:
    """Return True if an array of floats has become zero everywhere, which makes an odd example."""
    pairs = [(a, b) for a, b in zip(args, before, strict=True) if _is_array(a)]
    return any(a.dtype.kind == "f" and not a.any() and b.any() for a, b in pairs)


def with_arrays(args: Arguments, change: Callable[[np.ndarray], np.ndarray]) -> Arguments | None:
    """The same input with every array changed; None where that makes no difference."""
    changed = tuple(change(value) if _is_array(value) else value for value in args)
    return None if all(map(same, changed, args)) else changed


def as_large_square(array: np.ndarray) -> np.ndarray:
    """A matrix with its shorter axis repeated until height and width are equal."""
    return _as_square(array, max)


def as_small_square(array: np.ndarray) -> np.ndarray:
    """A matrix with its longer axis cut until height and width are equal."""
    return _as_square(array, min)


def _as_square(array: np.ndarray, choose: Callable[[tuple[int, ...]], int]) -> np.ndarray:
    if array.ndim != 2:
        return array
    side = choose(array.shape)
    return _like(array, array[np.ix_(*(np.arange(side) % n for n in array.shape))])


def has_no_square(args: Arguments) -> bool:
    """Return True if there are matrices, and none of them has an equal height and width."""
    shapes = [value.shape for value in args if _is_array(value) and value.ndim == 2]
    return bool(shapes) and all(rows != columns for rows, columns in shapes)


def as_wide(array: np.ndarray) -> np.ndarray:
    """Whole numbers in the largest dtype, in which nothing overflows."""
    return array.astype("int64") if array.dtype.kind in "iu" else array


def as_double(array: np.ndarray) -> np.ndarray:
    """Numbers of single precision in double precision, in which little is rounded."""
    return array.astype("float64") if array.dtype == "float32" else array


def as_whole_numbers(array: np.ndarray) -> np.ndarray:
    """Numbers of an array rounded."""
    return np.rint(array) if array.dtype.kind == "f" else array


def _whole(array: np.ndarray) -> np.ndarray:
    return np.asarray(as_whole_numbers(array), array.dtype) + np.zeros((), array.dtype)  # no -0


def _halved(array: np.ndarray) -> np.ndarray:
    return array // 2 if array.dtype.kind in "iu" else array


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def _lengths(args: Arguments) -> list[tuple[int, int]]:
    """Axes of the arrays and their lengths, each once."""
    return list(dict.fromkeys((a, n) for v in args if _is_array(v) for a, n in enumerate(v.shape)))


def _take(args: Arguments, axis: int, length: int, kept: np.ndarray) -> Arguments:
    """The arguments with these entries along an axis, of all arrays that are as long there."""
    return tuple(
        _like(value, np.take(value, kept, axis))
        if _is_array(value) and value.ndim > axis and value.shape[axis] == length
        else value
        for value in args
    )


def _with(args: Arguments, index: int, value: Any) -> Arguments:
    return (*args[:index], value, *args[index + 1 :])


def _shuffled(value: Any, generator: np.random.Generator) -> Any:
    if not _is_array(value):
        return value
    return _like(value, generator.permutation(value.ravel()).reshape(value.shape))


def _like(array: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """These numbers in the memory layout of an array."""
    if array.flags.c_contiguous:
        return numbers
    if array.flags.f_contiguous:
        return np.asfortranarray(numbers)
    return np.flip(np.flip(numbers).copy())


def _in_columns(array: np.ndarray) -> np.ndarray:
    return array if array.flags.c_contiguous else np.asfortranarray(array)


def _larger(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value + 2]
    if isinstance(value, float):
        return [2 * value]
    if isinstance(value, tuple) and value and all(type(n) is int for n in value):
        return [(*value[:-1], value[-1] + 1)]
    return []
