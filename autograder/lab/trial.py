"""One student function under test: call it, watch its arguments, compare, and explain.

Visible checks and hidden tests both use a `Trial`. A trial ends in one of four ways: the function
is not attempted (its stub still raises `NotImplementedError`), it raises, it is wrong, or it is
right. The first three are exceptions that carry a `Finding`; IPython shows them as a few readable
lines. What a trial says stands in `checks/*.toml`; see `findings`.
"""

import math
import numbers
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from autograder.lab.findings import Finding, one_line, sentences, slug

# Bold and intense: the plain ones are faint on the pale ground of an error in JupyterLab.
_RED, _BLUE, _RESET = "\x1b[1;31m", "\x1b[1;34m", "\x1b[0m"
_STUB = re.compile(r"raise NotImplementedError(\(\))?\s*(#.*)?")
_PICTURE_SIDE = 9  # an array is drawn entry by entry up to this many rows and columns


class CheckFailed(AssertionError):
    """An exercise that is not right yet.

    Attributes:
        finding: Why. `str(error)` is its text.
        outcome: How the visible check ended, for the table of all exercises.
    """

    outcome = "wrong"
    color = _RED

    def __init__(self, finding: Finding | str) -> None:
        """Carry a finding; words instead of one make a finding of the same text."""
        super().__init__(finding.text() if isinstance(finding, Finding) else finding)
        if not isinstance(finding, Finding):
            sentence = one_line(finding)
            finding = Finding("", self.outcome, slug(sentence.lower()), sentence, True)
        self.finding = finding

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
        module: The module of the exercise's check; its sentences stand beside it.
    """

    def __init__(
        self,
        function: Callable,
        name: str,
        parameters: Sequence[str] = (),
        module: str = "",
    ) -> None:
        self.function = function
        self.name = name
        self.parameters = tuple(parameters)
        self.module = module
        self.calls = 0
        self.result: Any = None
        self._called = f"{name}(...)"
        self._about: list[str] = []
        self._now_square = False
        self._right_when_square: set[bool] = set()  # what `_now_square` was at right results
        if not callable(function):
            self.report("not-a-function", name=name, value=_describe(function))

    def call(self, *args: Any) -> Any:
        """Call the function; its result is returned and kept for `expect`.

        Raises:
            NotAttempted: The stub still raises `NotImplementedError`.
            FunctionRaised: It raised anything else.
            CheckFailed: It changed an array that it was given.
        """
        self._called = self._describe_call(args)
        self._about = []
        arrays = [a for a in args if isinstance(a, np.ndarray)]
        self._now_square = all(len(set(a.shape)) == 1 for a in arrays if a.ndim == 2)
        before = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
        try:
            self.result = self.function(*args)
        except Exception as error:
            raise self._failure(error) from error
        self.calls += 1
        for index, (now, then) in enumerate(zip(args, before, strict=True)):
            if isinstance(now, np.ndarray) and not np.array_equal(now, then, equal_nan=True):
                self.report("changes-argument", parameter=self._parameter(index))
        return self.result

    def expect(
        self,
        expected: Any,
        mistakes: Mapping[str, Any] | Sequence[Mistake] = (),
        *,
        dtype: Any = None,
        rtol: float = 1e-5,
        atol: float = 1e-6,
        **values: Any,
    ) -> None:
        """Compare the last result with `expected`: an array, a number, a string or a bool.

        Args:
            expected: What the call should have returned. An array expects an `ndarray` of the same
                shape; an `int` a whole number; a `float` any real number.
            mistakes: Misconceptions to recognize when it differs: the kind of each, and the result
                that it leads to, or a function that makes the result, or a list of such. A function
                is called only when the result is wrong. A sequence of `Mistake` is accepted, too.
            dtype: The dtype that the result must have; `None` accepts any.
            rtol: Relative tolerance, of the largest entry of `expected`.
            atol: Absolute tolerance.
            **values: What the sentences of the mistakes have placeholders for.

        Raises:
            CheckFailed: With the call, both values and the misconception if one matches.
        """
        tolerance = atol + rtol * _largest(expected)
        problem = _difference(self.result, expected, tolerance)
        if problem is None and dtype is not None and self.result.dtype != np.dtype(dtype):
            problem = "dtype", f"dtype {self.result.dtype} instead of {np.dtype(dtype)}"
        if problem is None:
            self._right_when_square.add(self._now_square)
            return
        kind, differs = problem
        details: dict[str, Any] = {
            "expected": _describe(expected if dtype is None else expected.astype(dtype)),
            "returned": _describe(self.result),
            "differs": differs,
        }
        if kind == "dtype":  # the numbers are right: no misconception explains it
            self._end(kind, recognized=False, **details)
        details |= _pictures(self.result, expected)
        for cause, says, results in _alternatives(mistakes):
            for gives in results:
                made = gives() if callable(gives) else gives
                if _difference(self.result, made, tolerance) is None:
                    self._end(cause, says, values, **details)
        if self._square_only():
            self._end("square-only", **details)
        self._end(kind, recognized=False, **details)

    def expect_error(self, kind: type[Exception], naming: Sequence[str], *args: Any) -> None:
        """Call with bad arguments: `kind` must be raised, its message naming a parameter.

        Args:
            kind: The exception type, for example `ValueError`.
            naming: Parameter names; the message must contain at least one of them, not only as a
                part of a longer word.
            *args: The bad arguments.
        """
        self._called = self._describe_call(args)
        names = " or ".join(f"`{name}`" for name in naming)
        error_expected = f"a {kind.__name__} whose message names {names}"
        details: dict[str, Any] = {"values": {"error": error_expected}, "expected": error_expected}
        try:
            result = self.function(*args)
        except kind as error:
            if not any(_names(str(error), name) for name in naming):
                raised = f'{kind.__name__}("{error}")'
                self._end("error-names-no-parameter", raised=raised, **details)
        except Exception as error:
            raise self._failure(error, error_expected) from error
        else:
            self._end("no-error", returned=_describe(result), **details)
        self.calls += 1

    def about(self, kind: str, **values: Any) -> None:
        """Add a sentence of the table to whatever this trial ends with before its next call.

        Args:
            kind: The sentence's key in the table.
            **values: What its placeholders stand for.
        """
        self._about = self._sentences(kind, values)

    def report(self, kind: str, **values: Any) -> NoReturn:
        """End the trial as wrong, with a sentence of the exercise's table.

        Args:
            kind: The sentence's key in the table.
            **values: What its placeholders stand for.
        """
        self._end(kind, values=values)

    def fail(self, *lines: str) -> NoReturn:
        """End the trial as wrong, in the caller's own words: a sentence, then remarks."""
        self._end(slug(lines[0].lower()), lines)

    def _end(
        self,
        kind: str,
        says: Sequence[str] = (),
        values: Mapping[str, Any] | None = None,
        recognized: bool = True,
        **details: Any,
    ) -> NoReturn:
        """End the trial with a finding; what it says stands in the table unless it is given."""
        sentence, *remarks = says or self._sentences(kind, values or {})
        finding = Finding(
            self.name,
            "wrong",
            kind,
            sentence,
            recognized,
            self._called,
            remarks=(*remarks, *self._about),
            **details,
        )
        raise CheckFailed(finding)

    def _sentences(self, kind: str, values: Mapping[str, Any]) -> list[str]:
        """The sentence of a kind and its remarks, with their placeholders filled in."""
        table = sentences(self.module, self.name)
        if kind not in table:
            raise LookupError(f"There is no sentence for `{kind}` of the exercise `{self.name}`.")
        says = table[kind]
        return [text.format(**values) for text in ([says] if isinstance(says, str) else says)]

    def _square_only(self) -> bool:
        """Return True if it was right only where height and width were equal, and now differ."""
        return self._right_when_square == {True} and not self._now_square

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

    def _failure(self, error: Exception, error_expected: str = "") -> CheckFailed:
        """What to raise for an exception of the student's function."""
        known = getattr(error, "finding", None)
        if isinstance(known, Finding):  # of whoever calls it elsewhere: no frame is the student's
            return CheckFailed(replace(known, exercise=self.name, call=self._called))
        frames = _student_frames(error)
        own = (self.name, getattr(self.function, "__name__", ""))
        finding = _raised(error, self.name, frames, own)
        if is_open(error):
            return NotAttempted(finding)
        remarks = [] if frames else list(getattr(error, "__notes__", []))
        if self._square_only():
            remarks += self._sentences("square-only", {})
        details = {"call": self._called, "expected": error_expected, "remarks": tuple(remarks)}
        return FunctionRaised(replace(finding, **details))


def finding_of(error: BaseException) -> Finding:
    """What an exception says that ended a test; whoever knows the exercise fills it in."""
    known = getattr(error, "finding", None)
    if isinstance(known, Finding):
        return known
    frames = getattr(error, "student_frames", [])
    if isinstance(error, AssertionError) and not frames:  # the test's own words
        first, *rest = str(error).split("\n")
        sentence = one_line(first) or "An assertion of the test fails."
        return Finding(
            "", "wrong", slug(sentence.lower()), sentence, bool(first), remarks=tuple(rest)
        )
    return _raised(error, "", frames, [frame.name for frame in frames[:1]])


def _raised(
    error: BaseException,
    exercise: str,
    frames: Sequence[traceback.FrameSummary],
    own: Sequence[str],
) -> Finding:
    """An exception in the student's function; `own` are the names of the function itself."""
    name, last = type(error).__name__, frames[-1] if frames else None
    if is_open(error):
        if last is None or last.name in own:
            return Finding(exercise, "not attempted", "not-attempted", "It is not attempted yet.")
        sentence = f"It calls `{last.name}`, which is not attempted yet."
        return Finding(exercise, "wrong", f"calls-unattempted-{slug(last.name)}", sentence, True)
    return Finding(
        exercise,
        "raises",
        f"raises-{slug(name)}",
        f"It raises {one_line(f'{name}: {error}').rstrip('.: ')}.",
        raised=f"{name}: {error}",
        where=f"{last.lineno} of `{last.name}`: {last.line}" if last else "",
    )


def is_open(error: BaseException | None) -> bool:
    """Return True if a stub raised this error itself; Keras raises `NotImplementedError`, too."""
    if not isinstance(error, NotImplementedError):
        return False
    frames = getattr(error, "student_frames", None) or traceback.extract_tb(error.__traceback__)
    return bool(frames and _STUB.fullmatch(frames[-1].line or ""))


def _names(message: str, parameter: str) -> bool:
    """Return True if a message names a parameter by itself: "array" does not name `y`."""
    return re.search(rf"(?<![A-Za-z]){re.escape(parameter)}(?![A-Za-z])", message) is not None


def _student_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the student's own code, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [f for f in frames if "site-packages" not in f.filename and f.line]
    return getattr(error, "student_frames", own)  # those of an error of another process


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
    if isinstance(value, np.generic):
        return str(value)
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


def _alternatives(
    mistakes: Mapping[str, Any] | Sequence[Mistake],
) -> Iterator[tuple[str, list[str], list[Any]]]:
    """Each mistake's kind, its own words if it has some, and the results that it may lead to."""
    if isinstance(mistakes, Mapping):
        for kind, gives in mistakes.items():
            yield kind, [], gives if isinstance(gives, list) else [gives]
    else:
        for mistake in mistakes:
            says = mistake.says[:1].upper() + mistake.says[1:]
            yield slug(mistake.says.lower()), [says], [mistake.gives]


def _difference(result: Any, expected: Any, tolerance: float) -> tuple[str, str] | None:
    """How `result` differs from `expected`, as a kind and in words; None where it does not."""
    if isinstance(expected, np.ndarray):
        return _array_difference(result, expected, tolerance)
    if isinstance(expected, tuple):
        if not isinstance(result, tuple) or len(result) != len(expected):
            return "type", f"a tuple of {len(expected)} is expected"
        parts = [_difference(r, e, tolerance) for r, e in zip(result, expected, strict=True)]
        found = ((part[0], f"entry {i}: {part[1]}") for i, part in enumerate(parts) if part)
        return next(found, None)
    if isinstance(expected, bool | str) or expected is None:
        same_kind = isinstance(result, bool | np.bool_) == isinstance(expected, bool)
        comparable = isinstance(result, bool | np.bool_ | str | None)
        same = comparable and same_kind and result == expected
        return None if same else ("values", "another value")
    if isinstance(result, bool | np.bool_) or not isinstance(result, numbers.Real):
        return "type", f"a number is expected, not {_describe(result)}"
    if isinstance(expected, numbers.Integral) and not isinstance(result, numbers.Integral):
        return "type", f"a whole number (an int) is expected, not a {type(result).__name__}"
    if math.isnan(expected) or math.isnan(result):
        both = math.isnan(expected) and math.isnan(result)
        return None if both else ("values", "one of the two is nan")
    same = result == expected or abs(float(result) - float(expected)) <= tolerance
    return None if same else ("values", "another value")


def _array_difference(
    result: Any, expected: np.ndarray, tolerance: float
) -> tuple[str, str] | None:
    if not isinstance(result, np.ndarray):
        return "type", f"a NumPy array is expected, not {_describe(result)}"
    if result.shape != expected.shape:
        return "shape", f"shape {result.shape} instead of {expected.shape}"
    if result.dtype.kind not in "fiub":
        return "dtype", f"dtype {result.dtype} does not hold real numbers"
    close = np.isclose(result, expected, rtol=0, atol=tolerance, equal_nan=True)
    if close.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    share = f"{int((~close).sum())} of {close.size} entries"
    got, want = float(result[index]), float(expected[index])
    return "values", f"{share}, the first at {list(index)}: {got:.6g} instead of {want:.6g}"


def _pictures(result: Any, expected: Any) -> dict[str, tuple[str, ...]]:
    """Two small matrices drawn entry by entry; nothing for anything else."""
    for value in (result, expected):
        small = isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fiub"
        if not small or max(value.shape) > _PICTURE_SIDE or value.size == 0:
            return {}
    return {"yours": _rows(result), "wanted": _rows(expected)}


def _rows(matrix: np.ndarray) -> tuple[str, ...]:
    cells = [[f"{float(v):.3g}" for v in row] for row in matrix]
    width = max(len(text) for row in cells for text in row)
    return tuple(" ".join(f"{text:>{width}}" for text in row) for row in cells)
