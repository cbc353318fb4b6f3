"""Why a result is wrong: which cause explains one failing input, and another one, too.

A cause is one of three. A *mistake* of the exercise says what it gives for any input. A *slip*
happens in every exercise, such as a result that is transposed. An *experiment* changes the input in
one thing, after which the answer is right. A cause is named if it explains every input that was
tried, at least two of them wrong, and if no rival does.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from autograder.lab import inputs
from autograder.lab.failures import CheckFailed
from autograder.lab.inputs import Arguments
from autograder.lab.shown import difference, largest, plain

Mistakes = Mapping[str, Any]  # by kind: a result, a function that makes it, or a list of such

_CUTS = {"first": slice(1, None), "last": slice(None, -1)}


@dataclass(frozen=True)
class Case:
    """How one call is judged, whatever its input.

    Attributes:
        oracle: Gives the right result of an input; raises where there is none. Its last parameters
            may be keyword-only: so nothing in this package has the signature of an exercise that
            it would answer.
        mistakes: Gives what the exercise's mistakes lead to.
        call: Makes an input into the arguments of the call.
        dtype: The dtype that the result must have; `None` accepts any.
        rtol: Relative tolerance, of the largest entry of the right result.
        atol: Absolute tolerance.
        others: Further inputs to try a mistake on.
    """

    oracle: Callable[..., Any]
    mistakes: Callable[..., Mistakes] = lambda *_: {}
    call: Callable[..., Arguments] = lambda *given: given
    dtype: Any = None
    rtol: float = 1e-5
    atol: float = 1e-6
    others: Iterable[Arguments] = ()

    def ask(self, given: Arguments) -> Any:
        """What the oracle says of an input."""
        parameters = inspect.signature(self.oracle).parameters.values()
        by_name = [p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters]
        if True not in by_name:
            return self.oracle(*given)
        first = by_name.index(True)
        names = [p.name for p in parameters][first:]
        return self.oracle(*given[:first], **dict(zip(names, given[first:], strict=False)))

    def right(self, given: Arguments) -> Any:
        """The right result of an input; `None` if the exercise does not have this input."""
        try:
            self.call(*given)
            right = self.ask(given)
        except Exception:
            return None
        return None if isinstance(right, np.ndarray) and not right.size else right


@dataclass(frozen=True)
class Attempt:
    """What became of one input.

    Attributes:
        given: The input.
        args: What the function was called with.
        right: The right result.
        result: What came back, array-likes as arrays.
        kind: What is wrong; empty if nothing is.
        differs: How it differs from the right one, in words.
        tolerance: Differences up to here are none.
        failure: The exception that ended the call instead.
    """

    given: Arguments
    args: Arguments
    right: Any
    result: Any = None
    kind: str = ""
    differs: str = ""
    tolerance: float = 0.0
    failure: CheckFailed | None = field(default=None, repr=False)

    def is_like(self, expected: Any) -> bool:
        """Return True if the result is this one, and the call did return."""
        return self.failure is None and difference(self.result, expected, self.tolerance) is None


@dataclass(frozen=True)
class Cause:
    """A cause that explains an attempt.

    Attributes:
        kind: Key of its sentence.
        variant: Which of the mistake's results it is; -1 if it is no mistake of the exercise.
        values: What the sentence has placeholders for.
    """

    kind: str
    variant: int = -1
    values: tuple[tuple[str, Any], ...] = ()


def tolerance(case: Case, right: Any) -> float:
    """How far a result may be from the right one."""
    return case.atol + case.rtol * largest(right)


def certain(attempt: Attempt) -> str:
    """The kind of a slip that one result shows for sure; empty if it shows none."""
    result, right = attempt.result, attempt.right
    if attempt.failure:
        return ""
    if right is not None and (kind := nothing(result)):
        return kind

    def is_right(value: Any) -> bool:
        return difference(value, right, attempt.tolerance) is None

    if isinstance(result, tuple | list) and not isinstance(right, tuple | list):
        if any(is_right(part) for part in result):
            return "returns-tuple" if isinstance(result, tuple) else "returns-list"
        return "returns-list" if is_right(_as_array(result)) else ""
    if isinstance(result, str) and not isinstance(right, str):
        return "returns-text" if result == str(right) or is_right(_as_number(result)) else ""
    if isinstance(right, bool | str | np.ndarray) or right is None:
        return ""
    if isinstance(result, np.ndarray):
        return "returns-array"
    whole = isinstance(right, int) and isinstance(result, float | np.floating)
    return "not-an-int" if whole and result == right else ""


def nothing(result: Any) -> str:
    """The kind of the slip if a result is None or a function; empty for all else."""
    if result is None:
        return "returns-nothing"
    function = callable(result) and hasattr(result, "__name__")  # Keras' layers have none
    return "returns-function" if function else ""


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _as_array(value: Any) -> Any:
    try:
        return np.array(value)
    except ValueError:  # its rows have different lengths
        return None


def mistakes_that_fit(case: Case, attempts: Sequence[Attempt]) -> list[Cause]:
    """The exercise's mistakes that explain all attempts, at least two of them wrong."""
    explained: list[Cause] = []
    refuted: set[Cause] = set()
    for attempt in attempts:
        for cause, fits in _mistakes(case, attempt):
            if not fits:
                refuted.add(cause)
            elif attempt.kind:
                explained.append(cause)
    counts = {cause: explained.count(cause) for cause in explained if cause not in refuted}
    return list({cause.kind: cause for cause, count in counts.items() if count > 1}.values())


def _mistakes(case: Case, attempt: Attempt) -> Iterator[tuple[Cause, bool]]:
    """Each mistake that says something of an input, and whether it explains what came of it.

    Of an exception little can be said: a mistake may well lead there, but not where it gives the
    right result.
    """
    for kind, gives in case.mistakes(*attempt.given).items():
        for variant, made in enumerate(gives if isinstance(gives, list) else [gives]):
            try:
                made = made() if callable(made) else made
            except Exception:  # the mistake leads to an exception
                if attempt.failure is None:
                    yield Cause(kind, variant), False
                continue
            if made is None:
                continue
            if attempt.failure is None:
                yield Cause(kind, variant), attempt.is_like(made)
            elif difference(made, attempt.right, attempt.tolerance) is None:
                yield Cause(kind, variant), False


def slips(case: Case, attempt: Attempt) -> Iterator[Cause]:
    """The slips that explain a wrong result."""
    right, result = attempt.right, attempt.result
    if attempt.failure or not attempt.kind or isinstance(right, bool | str | tuple):
        return
    for index, value in enumerate(attempt.args):
        if isinstance(plain(value), np.ndarray | float) and attempt.is_like(plain(value)):
            yield Cause("returns-argument", values=(("index", index),))
    if attempt.is_like(-right):
        yield Cause("sign-turned")
    if not isinstance(right, np.ndarray) or not isinstance(result, np.ndarray):
        return
    if _truncates(attempt) and attempt.is_like(np.trunc(right)):
        yield Cause("truncated")
    if right.ndim == 2 and attempt.is_like(right.T):
        yield Cause("transposed")
    if right.ndim > 2 and attempt.is_like(np.moveaxis(right, -1, right.ndim - 3)):
        yield Cause("channels-first")
    reshaped = result.size == right.size and result.shape != right.shape
    if reshaped and attempt.is_like(right.reshape(result.shape)):
        yield Cause("another-shape")
    for sides, part in _cut(right):
        if attempt.is_like(part):
            yield Cause("cut-off", values=(("sides", sides),))
    if attempt.is_like(right[:1]) or attempt.is_like(right[0]):
        yield Cause("first-only")
    if any(attempt.is_like(part) for part in _first_passes(case, attempt)):
        yield Cause("first-pass")


def _cut(right: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """An array without an outermost row, column, or both, and what is missing."""
    if right.ndim == 1:
        for side, cut in _CUTS.items():
            yield f"{side} entry", right[cut]
    elif right.ndim == 2:
        for side, cut in _CUTS.items():
            yield f"{side} row", right[cut]
            yield f"{side} column", right[:, cut]
            yield f"{side} row and column", right[cut, cut]


def _first_passes(case: Case, attempt: Attempt) -> Iterator[Any]:
    """What is there after the first pass of a loop over the result, or over the first argument."""
    right, result = attempt.right, attempt.result
    if result.shape == right.shape:
        for done, start in product({1, right[0].size}, (0, 1, np.nan)):
            started = np.full(right.shape, start, "float64")
            started.flat[:done] = right.flat[:done]
            yield started
    first = attempt.given[0]
    if isinstance(first, np.ndarray) and first.ndim:
        for done in {1, first[0].size}:
            part = np.zeros_like(first)
            part.flat[:done] = first.flat[:done]
            yield case.right((part, *attempt.given[1:]))


def _truncates(attempt: Attempt) -> bool:
    result = attempt.result
    whole = isinstance(result, np.ndarray) and result.dtype.kind in "iu"
    return whole and attempt.right.dtype.kind == "f"


EXPERIMENTS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], ...]] = {
    "square-only": (inputs.as_large_square, inputs.as_small_square),
    "overflow": (inputs.as_wide,),
    "single-precision": (inputs.as_double,),
    "memory-order": (np.ascontiguousarray,),
    "truncated": (inputs.as_whole_numbers,),
}


def explains(
    case: Case, cause: Cause | None, attempt: Attempt, passes: Callable[[Arguments], bool]
) -> bool:
    """Return True if a cause explains an attempt, as none does if none is known."""
    if cause is None or cause.kind == certain(attempt):
        return True
    if cause.variant >= 0:
        return (cause, True) in _mistakes(case, attempt)
    return cause in slips(case, attempt) or cause in experiments(attempt, passes, [cause.kind])


def experiments(
    attempt: Attempt, passes: Callable[[Arguments], bool], kinds: Collection[str] = EXPERIMENTS
) -> Iterator[Cause]:
    """The experiments of these kinds after each change of which the answer is right."""
    for kind, changes in EXPERIMENTS.items():
        if kind not in kinds or (kind == "truncated" and not _truncates(attempt)):
            continue
        changed = [inputs.with_arrays(attempt.given, change) for change in changes]
        if all(given is not None and passes(given) for given in changed):
            yield Cause(kind)


def refuted(attempts: Iterable[Attempt]) -> set[Cause]:
    """The causes that attempts contradict: no axes are mixed up where none are equally long."""
    right = (attempt.given for attempt in attempts if not attempt.kind)
    return {Cause("square-only")} if any(map(inputs.has_no_square, right)) else set()
