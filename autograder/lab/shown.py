"""How a result is compared with the right one, and how messages show values.

A result may be any array-like of the right values: a tensor, a NumPy scalar, an array of shape ().
"""

import math
import numbers
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.lab.findings import MAX_SIDE, Rows

_PICTURE_SIDE = 9  # an array is drawn entry by entry up to this many rows and columns
_SMALL = 20  # entries of an array that is shown in full
_LONGEST = 240  # characters of a call that is shown as code
_PLAIN_DTYPES = ("float64", "int64", "bool")  # what `np.array` makes of Python's numbers


def plain(value: Any) -> Any:
    """An array-like as an array, one of shape () as a scalar, and all else as it is."""
    if isinstance(value, np.generic) or not (hasattr(value, "shape") and hasattr(value, "dtype")):
        return value
    try:
        array = np.asarray(value)
    except Exception:  # a symbolic tensor has no values
        return value
    return array if array.ndim else array[()]


def largest(value: Any) -> float:
    """The size of the largest finite entry of an array or a number; 0 if there is none."""
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "fiu":
        finite = np.abs(value[np.isfinite(value)])
        return float(finite.max()) if finite.size else 0.0
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return abs(float(value))
    return 0.0


def difference(result: Any, expected: Any, tolerance: float) -> tuple[str, str] | None:
    """How `result` differs from `expected`, as a kind and in words; None where it does not."""
    result = plain(result)
    if isinstance(expected, np.ndarray):
        return _array_difference(result, expected, tolerance)
    if isinstance(expected, tuple):
        if not isinstance(result, tuple) or len(result) != len(expected):
            return "type", f"a tuple of {len(expected)} is expected"
        parts = [difference(r, e, tolerance) for r, e in zip(result, expected, strict=True)]
        found = ((part[0], f"entry {i}: {part[1]}") for i, part in enumerate(parts) if part)
        return next(found, None)
    if isinstance(expected, bool | str) or expected is None:
        same_kind = isinstance(result, bool | np.bool_) == isinstance(expected, bool)
        comparable = isinstance(result, bool | np.bool_ | str | None)
        same = comparable and same_kind and result == expected
        return None if same else ("values", "another value")
    if isinstance(result, bool | np.bool_) or not isinstance(result, numbers.Real):
        return "type", f"a number is expected, not {describe(result)}"
    if isinstance(expected, numbers.Integral) and not isinstance(result, numbers.Integral):
        return "type", f"a whole number (an int) is expected, not a {type(result).__name__}"
    try:
        number = float(result)
    except OverflowError:  # a whole number that is larger than any float
        number = math.inf
    if math.isnan(expected) or math.isnan(number):
        both = math.isnan(expected) and math.isnan(number)
        return None if both else ("values", "one of the two is nan")
    same = result == expected or abs(number - float(expected)) <= tolerance
    return None if same else ("values", "another value")


def _array_difference(
    result: Any, expected: np.ndarray, tolerance: float
) -> tuple[str, str] | None:
    if not isinstance(result, np.ndarray):
        return "type", f"an array is expected, not {describe(result)}"
    if result.shape != expected.shape:
        return "shape", f"shape {result.shape} instead of {expected.shape}"
    if result.dtype.kind not in "fiub":
        return "not-real", f"dtype {result.dtype} does not hold real numbers"
    close = np.isclose(result, expected, rtol=0, atol=tolerance, equal_nan=True)
    if close.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    share = f"{int((~close).sum())} of {close.size} entries"
    got, want = float(result[index]), float(expected[index])
    return "values", f"{share}, the first at {list(index)}: {got:.6g} instead of {want:.6g}"


def is_small(value: Any) -> bool:
    """Return True if messages show a value in full."""
    return not isinstance(value, np.ndarray) or 0 < value.size <= _SMALL


def describe(value: Any) -> str:
    """A value in a few words: scalars and small arrays in full, others by dtype and shape."""
    value = plain(value)
    if isinstance(value, np.ndarray):
        if is_small(value) and value.dtype.kind in "fiub":
            text = np.array2string(value, precision=6, separator=", ", max_line_width=10**6)
            return re.sub(r"\[ +", "[", " ".join(text.split()))
        return f"{value.dtype} array of shape {value.shape}"
    if isinstance(value, np.generic):
        return str(value)
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{type(value).__name__} of dtype {value.dtype} and shape {tuple(value.shape)}"
    if value is None or isinstance(value, bool | int | float | str):
        text = repr(value)
        return text if len(text) <= 80 else text[:77] + "..."
    if isinstance(value, tuple | list) and len(value) <= 4:
        opening, closing = ("(", ")") if isinstance(value, tuple) else ("[", "]")
        return opening + ", ".join(describe(v) for v in value) + closing
    return f"a {type(value).__name__}"


def describe_both(one: Any, other: Any) -> tuple[str, str]:
    """Two values that differ; of real numbers four digits, or as many as tell them apart."""
    pair = plain(one), plain(other)
    if any(isinstance(value, float | np.floating) for value in pair):
        for digits in range(4, 17):
            first, second = (
                repr(float(f"{value:.{digits}g}"))
                if isinstance(value, float | np.floating)
                else describe(value)
                for value in pair
            )
            if first != second:
                return first, second
    return describe(pair[0]), describe(pair[1])


def call_as_code(name: str, args: Sequence[Any]) -> str:
    """A call as a line that can be pasted into a notebook; empty if an argument is too large."""
    try:
        line = f"{name}({', '.join(_code(value) for value in args)})"
    except ValueError:
        return ""
    return line if len(line) <= _LONGEST else ""


def _code(value: Any) -> str:
    """A value as Python code.

    Raises:
        ValueError: It is too large, or no short code makes it.
    """
    array = plain(value)
    if array is not value and isinstance(array, np.ndarray | np.generic):
        return f"tf.constant({_entries(np.asarray(array))}, {str(array.dtype)!r})"
    if isinstance(value, np.ndarray):
        if value.flags.c_contiguous:
            dtype = "" if value.dtype in _PLAIN_DTYPES else f", {str(value.dtype)!r}"
            return f"np.array({_entries(value)}{dtype})"
        if value.flags.f_contiguous:
            return f"np.asfortranarray({_code(np.ascontiguousarray(value))})"
    if isinstance(value, np.generic):
        return _code(value.item())
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_code(v) for v in value)}]"
    if isinstance(value, tuple):
        return f"({', '.join(_code(v) for v in value)}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_code(k)}: {_code(v)}' for k, v in value.items())}}}"
    raise ValueError(f"there is no short code for {describe(value)}")


def _entries(array: np.ndarray) -> str:
    """An array's entries as nested lists, each number exactly."""
    if array.size > 2 * _SMALL or not array.size or not np.all(np.isfinite(array)):
        raise ValueError("too many entries, none, or nan")
    if array.ndim:
        return f"[{', '.join(_entries(part) for part in array)}]"
    text = str(array[()])
    return text.removesuffix("0") if text.endswith(".0") else text  # 1. is shorter


def pictures(result: Any, expected: Any) -> dict[str, tuple[str, ...]]:
    """Two small matrices drawn entry by entry; nothing for anything else.

    An array with more axes is a matrix if all but two of them have length 1, such as the kernel of
    a layer with one channel, or an image.
    """
    matrices = []
    for value in (result, expected):
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub" or value.size == 0:
            return {}
        matrices.append(np.squeeze(value) if value.ndim > 2 else value)
    if any(matrix.ndim != 2 or max(matrix.shape) > _PICTURE_SIDE for matrix in matrices):
        return {}
    yours, wanted = map(_rows, matrices)
    return {"yours": yours, "wanted": wanted}


def drawing(result: Any, expected: Any, tolerance: float) -> dict[str, Any]:
    """Fields of a `Finding` that draw two arrays around their first difference.

    There are none for anything but arrays of real numbers. Two axes are shown, those of height and
    width where the array has four; the others stand still at the first difference.
    """
    if isinstance(expected, tuple) and isinstance(result, tuple):
        for index, (r, e) in enumerate(zip(map(plain, result), expected, strict=False)):
            if difference(r, e, tolerance):
                found = drawing(r, e, tolerance)
                return {**found, "part": f"[{index}]{found['part']}"} if found else {}
        return {}
    if not isinstance(result, np.ndarray) or not isinstance(expected, np.ndarray):
        return {}
    real = all(a.dtype.kind in "fiub" and a.size and a.ndim for a in (result, expected))
    return _two_arrays(result, expected, tolerance) if real else {}


def _two_arrays(result: np.ndarray, expected: np.ndarray, tolerance: float) -> dict[str, Any]:
    if result.shape != expected.shape:
        flat = [value if value.ndim == 2 else np.squeeze(value) for value in (result, expected)]
        if max(value.ndim for value in flat) > 2:
            return {}
        yours, wanted = (np.atleast_2d(value)[:MAX_SIDE, :MAX_SIDE] for value in flat)
        cut = yours.size < result.size or wanted.size < expected.size
        return _drawn(yours, wanted, f"[:{MAX_SIDE}, :{MAX_SIDE}]" if cut else "")
    differs = ~np.isclose(result, expected, rtol=0, atol=tolerance, equal_nan=True)
    first = np.argwhere(differs)[0] if differs.any() else np.zeros(result.ndim, int)
    axes = _shown_axes(result.shape)
    place, said = [], []
    for axis, (n, at) in enumerate(zip(result.shape, first.tolist(), strict=True)):
        start = min(max(at - MAX_SIDE // 2, 0), max(n - MAX_SIDE, 0))
        window = slice(start, min(start + MAX_SIDE, n))
        place.append(window if axis in axes else at)
        cut = window.stop - window.start < n
        said.append(str(at) if axis not in axes else f"{start}:{window.stop}" if cut else ":")
    index = tuple(place)
    yours, wanted, marks = (np.atleast_2d(a[index]) for a in (result, expected, differs))
    part = "" if yours.size == result.size else f"[{', '.join(said)}]"
    return {**_drawn(yours, wanted, part), "differing": _pairs(np.argwhere(marks))}


def _shown_axes(shape: tuple[int, ...]) -> list[int]:
    """The two axes of an array that a drawing shows."""
    axes = [axis for axis, n in enumerate(shape) if n > 1 or len(shape) == 2] or [0]
    if len(axes) > 2:
        axes = {3: [0, 1], 4: [1, 2]}.get(len(shape), axes[-2:])
    return axes


def _drawn(yours: np.ndarray, wanted: np.ndarray, part: str) -> dict[str, Any]:
    return {"yours_values": _numbers(yours), "wanted_values": _numbers(wanted), "part": part}


def _numbers(matrix: np.ndarray) -> Rows:
    return tuple(tuple(float(f"{float(v):.6g}") for v in row) for row in matrix)


def _pairs(places: np.ndarray) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(place) for place in places.tolist())


def _rows(matrix: np.ndarray) -> tuple[str, ...]:
    cells = [[f"{float(v):.3g}" for v in row] for row in matrix]
    width = max(len(text) for row in cells for text in row)
    return tuple(" ".join(f"{text:>{width}}" for text in row) for row in cells)
