"""One student function under test: call it, watch its arguments, compare, and explain.

Visible checks and hidden tests both use a `Trial`. A trial ends in one of four ways: the function
is not attempted (its stub still raises `NotImplementedError`), it raises, it is wrong, or it is
right. The first three are exceptions that IPython shows as a few readable lines.
"""

import math
import numbers
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

# Bold and intense: the plain ones are faint on the pale ground of an error in JupyterLab.
_RED, _BLUE, _RESET = "\x1b[1;31m", "\x1b[1;34m", "\x1b[0m"
_STUB = re.compile(r"raise NotImplementedError(\(\))?\s*(#.*)?")
_PICTURE_SIDE = 9  # an array is drawn entry by entry up to this many rows and columns


class CheckFailed(AssertionError):
    """An exercise that is not right yet. `str(error)` is the whole explanation."""

    outcome = "wrong"
    color = _RED

    def _render_traceback_(self) -> list[str]:
        """Show the explanation instead of a stack of this package's frames (read by IPython)."""
        first, *rest = str(self).split("\n")
        return [f"{self.color}{first}{_RESET}", *rest]


class NotAttempted(CheckFailed):
    """The exercise's stub has not been replaced."""

    outcome = "not attempted"
    color = _BLUE


class FunctionRaised(CheckFailed):
    """The student's function raised instead of returning."""

    outcome = "raises"


@dataclass(frozen=True)
class Mistake:
    """A known misconception.

    Attributes:
        says: The sentence shown to a student whose result matches; it names the misconception and
            does not give the answer.
        gives: The result that the misconception leads to, or a function that makes it. A function
            is called only when the result is wrong.
    """

    says: str
    gives: Any


class Trial:
    """Calls one function and explains what came back.

    Args:
        function: The student's function.
        name: What messages call it.
        parameters: Names of its parameters, in order, for messages.
    """

    def __init__(self, function: Callable, name: str, parameters: Sequence[str] = ()) -> None:
        self.function = function
        self.name = name
        self.parameters = tuple(parameters)
        self.calls = 0
        self.result: Any = None
        self._called = f"{name}(...)"
        self._now_square = False
        self._right_when_square = False
        self._right_otherwise = False
        if not callable(function):
            self.fail(f"`{name}` should be a function, but it is {_describe(function)}.")

    def call(self, *args: Any) -> Any:
        """Call the function; its result is returned and kept for `expect`.

        Raises:
            NotAttempted: The stub still raises `NotImplementedError`.
            FunctionRaised: It raised anything else.
            CheckFailed: It changed an array that it was given.
        """
        self._called = self._describe_call(args)
        self._now_square = all(len(set(a.shape)) == 1 for a in args if _is_matrix(a))
        before = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
        try:
            self.result = self.function(*args)
        except Exception as error:
            if is_open(error):
                raise NotAttempted(self._explain_stub(error)) from error
            raise FunctionRaised(self._explain_exception(error)) from error
        self.calls += 1
        for index, (now, then) in enumerate(zip(args, before, strict=True)):
            if isinstance(now, np.ndarray) and not np.array_equal(now, then, equal_nan=True):
                self.fail(
                    f"It changed its argument `{self._parameter(index)}`. "
                    "The caller still needs that array: leave it as it is."
                )
        return self.result

    def expect(
        self,
        expected: Any,
        mistakes: Sequence[Mistake] = (),
        *,
        dtype: Any = None,
        rtol: float = 1e-5,
        atol: float = 1e-6,
    ) -> None:
        """Compare the last result with `expected`: an array, a number, a string or a bool.

        Args:
            expected: What the call should have returned. An array asks for an `ndarray` of the
                same shape; an `int` for a whole number; a `float` for any real number.
            mistakes: Misconceptions to recognize when it differs.
            dtype: The dtype that the result must have; `None` accepts any.
            rtol: Relative tolerance, of the largest entry of `expected`.
            atol: Absolute tolerance.

        Raises:
            CheckFailed: With the call, both values and the misconception if one matches.
        """
        tolerance = atol + rtol * _largest(expected)
        problem = _difference(self.result, expected, tolerance)
        if problem is None and dtype is not None and self.result.dtype != np.dtype(dtype):
            problem = f"dtype {self.result.dtype} instead of {np.dtype(dtype)}"
        if problem is None:
            self._right_when_square |= self._now_square
            self._right_otherwise |= not self._now_square
            return
        wanted = expected if dtype is None else expected.astype(dtype)
        lines = [f"expected  {_describe(wanted)}", f"returned  {_describe(self.result)}"]
        lines.append(f"differs   {problem}")
        if problem.startswith("dtype"):  # the numbers are right: no misconception explains it
            self.fail(*lines)
        lines.extend(_side_by_side(self.result, expected))
        for mistake in mistakes:
            gives = mistake.gives() if callable(mistake.gives) else mistake.gives
            if _difference(self.result, gives, tolerance) is None:
                lines.append(f"This is what comes out if {mistake.says}")
                break
        else:
            lines.extend(self._square_only())
        self.fail(*lines)

    def expect_error(self, kind: type[Exception], naming: Sequence[str], *args: Any) -> None:
        """Call with bad arguments: `kind` must be raised, its message naming a parameter.

        Args:
            kind: The exception type, for example `ValueError`.
            naming: Parameter names; the message must contain at least one of them, not only as a
                part of a longer word.
            *args: The bad arguments.
        """
        self._called = self._describe_call(args)
        wanted = f"{kind.__name__} whose message names " + " or ".join(f"`{n}`" for n in naming)
        try:
            result = self.function(*args)
        except kind as error:
            if not any(_names(str(error), name) for name in naming):
                self.fail(f"expected  a {wanted}", f'raised    {kind.__name__}("{error}")')
        except Exception as error:
            if is_open(error):
                raise NotAttempted(self._explain_stub(error)) from error
            raise FunctionRaised(self._explain_exception(error, f"a {wanted}")) from error
        else:
            self.fail(f"expected  a {wanted}", f"returned  {_describe(result)}")
        self.calls += 1

    def fail(self, *lines: str) -> NoReturn:
        """End the trial as wrong, with these lines below the call."""
        header = f"✗ {self.name}: not right yet."
        body = [f"called    {self._called}", *lines]
        raise CheckFailed("\n".join([header, *_indent(body)]))

    def _square_only(self) -> list[str]:
        """A line for a function that was right only where height and width were equal."""
        right_before = self._right_when_square and not self._right_otherwise
        if right_before and not self._now_square:
            return ["It was right where height and width are equal: keep the two apart."]
        return []

    def _parameter(self, index: int) -> str:
        return self.parameters[index] if index < len(self.parameters) else f"#{index + 1}"

    def _describe_call(self, args: Sequence[Any]) -> str:
        shown = []
        for index, value in enumerate(args):
            text = _describe(value)
            if isinstance(value, np.ndarray) and not value.flags.c_contiguous:
                text += ", not in C order"
            shown.append(f"{self._parameter(index)} = {text}" if self.parameters else text)
        return f"{self.name}({', '.join(shown)})"

    def _explain_stub(self, error: Exception) -> str:
        """Whether it is the exercise itself that is open, or an earlier one that it calls."""
        *_, open_one = [self.name, *(frame.name for frame in _student_frames(error))]
        if open_one in (self.name, getattr(self.function, "__name__", "")):
            return f"○ {self.name}: not attempted yet."
        return f"○ {self.name}: it calls `{open_one}`, which is not attempted yet."

    def _explain_exception(self, error: Exception, wanted: str | None = None) -> str:
        lines = [f"✗ {self.name}: it raises {type(error).__name__}.", f"  called    {self._called}"]
        if wanted:
            lines.append(f"  expected  {wanted}")
        lines.append(f"  raised    {type(error).__name__}: {error}")
        lines.extend(_indent([*_student_lines(error), *self._square_only()]))
        return "\n".join(lines)


def is_open(error: BaseException | None) -> bool:
    """Return True if a stub raised this error itself; Keras raises `NotImplementedError`, too."""
    if not isinstance(error, NotImplementedError):
        return False
    frames = getattr(error, "student_frames", None) or traceback.extract_tb(error.__traceback__)
    return bool(frames and _STUB.fullmatch(frames[-1].line or ""))


def _names(message: str, parameter: str) -> bool:
    """Whether a parameter's name stands in a message by itself: "array" does not name `y`."""
    return re.search(rf"(?<![A-Za-z]){re.escape(parameter)}(?![A-Za-z])", message) is not None


def _is_matrix(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 2


def _indent(lines: Sequence[str]) -> list[str]:
    return [f"  {part}" for line in lines for part in line.split("\n")]


def _student_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the student's own code, the innermost last."""
    if hasattr(error, "student_frames"):  # it was raised in another process
        return error.student_frames
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return [f for f in frames if "site-packages" not in f.filename and f.line]


def _student_lines(error: Exception) -> list[str]:
    """Where in the student's code the exception arose: their last frame, as text."""
    own = _student_frames(error)
    if own:
        return [f"in line   {own[-1].lineno} of `{own[-1].name}`: {own[-1].line}"]
    return list(getattr(error, "__notes__", []))


def _largest(value: Any) -> float:
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "fiu":
        finite = np.abs(value[np.isfinite(value)])
        return float(finite.max()) if finite.size else 0.0
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return abs(float(value))
    return 0.0


def _describe(value: Any) -> str:
    """A value in a few words: arrays by dtype and shape, short values in full."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        dtype = getattr(value.dtype, "name", value.dtype)
        return f"{type(value).__name__} of dtype {dtype} and shape {tuple(value.shape)}"
    if value is None or isinstance(value, bool | int | float | str):
        text = repr(value)
        return text if len(text) <= 80 else text[:77] + "..."
    if isinstance(value, tuple | list) and len(value) <= 4:
        opening, closing = ("(", ")") if isinstance(value, tuple) else ("[", "]")
        return opening + ", ".join(_describe(v) for v in value) + closing
    return f"a {type(value).__name__}"


def _difference(result: Any, expected: Any, tolerance: float) -> str | None:
    """Say in a few words how `result` differs from `expected`; `None` where it does not."""
    if isinstance(expected, np.ndarray):
        return _array_difference(result, expected, tolerance)
    if isinstance(expected, tuple):
        if not isinstance(result, tuple) or len(result) != len(expected):
            return f"a tuple of {len(expected)} is wanted"
        parts = [_difference(r, e, tolerance) for r, e in zip(result, expected, strict=True)]
        return next((f"entry {i}: {p}" for i, p in enumerate(parts) if p), None)
    if isinstance(expected, bool | str) or expected is None:
        same_kind = isinstance(result, bool | np.bool_) == isinstance(expected, bool)
        comparable = isinstance(result, bool | np.bool_ | str | None)
        return None if comparable and same_kind and result == expected else "another value"
    if isinstance(result, bool | np.bool_) or not isinstance(result, numbers.Real):
        return f"a number is wanted, not {_describe(result)}"
    if isinstance(expected, numbers.Integral) and not isinstance(result, numbers.Integral):
        return f"a whole number (an int) is wanted, not a {type(result).__name__}"
    if math.isnan(expected) or math.isnan(result):
        return None if math.isnan(expected) and math.isnan(result) else "one of the two is nan"
    same = result == expected or abs(float(result) - float(expected)) <= tolerance
    return None if same else "another value"


def _array_difference(result: Any, expected: np.ndarray, tolerance: float) -> str | None:
    if not isinstance(result, np.ndarray):
        return f"a NumPy array is wanted, not {_describe(result)}"
    if result.shape != expected.shape:
        return f"shape {result.shape} instead of {expected.shape}"
    if result.dtype.kind not in "fiub":
        return f"dtype {result.dtype} does not hold real numbers"
    close = np.isclose(result, expected, rtol=0, atol=tolerance, equal_nan=True)
    if close.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    share = f"{int((~close).sum())} of {close.size} entries"
    got, want = float(result[index]), float(expected[index])
    return f"{share}, the first at {list(index)}: {got:.6g} instead of {want:.6g}"


def _side_by_side(result: Any, expected: Any) -> list[str]:
    """Draw two small matrices next to each other; nothing for anything else."""
    for value in (result, expected):
        small = isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fiub"
        if not small or max(value.shape) > _PICTURE_SIDE or value.size == 0:
            return []
    left, right = _rows(result), _rows(expected)
    width = max(len(left[0]), len("yours"))
    height = max(len(left), len(right))
    left += [""] * (height - len(left))
    right += [""] * (height - len(right))
    lines = [f"{'yours':<{width}}     expected"]
    return lines + [f"{a:<{width}}     {b}".rstrip() for a, b in zip(left, right, strict=True)]


def _rows(matrix: np.ndarray) -> list[str]:
    cells = [[f"{float(v):.3g}" for v in row] for row in matrix]
    width = max(len(text) for row in cells for text in row)
    return [" ".join(f"{text:>{width}}" for text in row) for row in cells]
