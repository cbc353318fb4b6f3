"""One student function under test: call it, watch its arguments, compare, and explain.

Visible checks and hidden tests both use a `Trial`. A trial ends in one of four ways: the function
is not attempted (its stub still raises `NotImplementedError`), it raises, it is wrong, or it is
right. The first three are exceptions that carry a `Finding`; see `failures`. What a trial says
stands in `checks/*.toml`; see `findings`.
"""

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

import numpy as np

from autograder.lab import causes, failures, inputs
from autograder.lab.causes import Attempt, Case, Cause, Mistakes
from autograder.lab.failures import CheckFailed, FunctionRaised, NotAttempted, is_open
from autograder.lab.findings import Finding, hint_number, sentences, slug
from autograder.lab.inputs import Arguments
from autograder.lab.shown import (
    call_as_code,
    describe,
    describe_both,
    difference,
    drawing,
    is_small,
    pictures,
    plain,
)

_BEFORE = 6  # earlier inputs, answered rightly, that a cause must leave right
_EXPERIMENTS = 3  # wrong answers on which an experiment is made
_SHRINKING = 60  # calls that may be spent on a smaller input


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
        self._args: Arguments = ()
        self._returned: Any = None  # by the last call; a check may put something else into `result`
        self._called = f"{name}(...)"
        self._about: list[str] = []
        self.layers: Callable[[Any], dict[str, Any]] | None = None  # what a model looks like
        self._right_before: list[tuple[Callable, Arguments]] = []  # an oracle and its input
        if not callable(function):
            self._end("not-a-function", values={"name": name, "value": describe(function)})

    def call(self, *args: Any) -> Any:
        """Call the function; its result is returned and kept for `expect`.

        Raises:
            NotAttempted: The stub still raises `NotImplementedError`.
            FunctionRaised: It raised anything else.
            CheckFailed: It changed an array that it was given.
        """
        self._args = args
        self._called = self._describe_call(args)
        self._about = []
        self.layers = None
        before = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
        try:
            self.result = self._returned = self.function(*args)
        except CheckFailed:  # a function of the check's around the student's has judged it
            raise
        except Exception as error:
            raise self._failure(error) from error
        self.calls += 1
        for index, (now, then) in enumerate(zip(args, before, strict=True)):
            if isinstance(now, np.ndarray) and not np.array_equal(now, then, equal_nan=True):
                np.copyto(now, then)
                self._end("changes-argument", values={"parameter": self._parameter(index)})
        return self.result

    def compare(
        self,
        oracle: Callable[..., Any],
        *given: Any,
        mistakes: Callable[..., Mistakes] = Case.mistakes,
        call: Callable[..., Arguments] = Case.call,
        dtype: Any = None,
        rtol: float = 1e-5,
        atol: float = 1e-6,
        others: Iterable[Arguments] = (),
        about: Callable[..., Mapping[str, Any]] | None = None,
        **values: Any,
    ) -> None:
        """Call the function on an input and compare with what the oracle gives for it.

        Where they differ, the function is called on some further inputs: in order to name a
        mistake only if it explains them all, and to find a small input that fails in the same way.

        Args:
            oracle: Gives the right result of an input, as `expect` takes it; it raises where the
                exercise has no such input.
            *given: The input.
            mistakes: Gives what misconceptions lead to for an input: the kind of each, and its
                result, or a function that makes the result, or a list of such.
            call: Makes an input into the arguments of the call; they are the same without it.
            dtype: The dtype that the result must have; `None` accepts any.
            rtol: Relative tolerance, of the largest entry of the right result.
            atol: Absolute tolerance.
            others: Further inputs on which to try a mistake, besides those that are made from this.
            about: Gives what the placeholders of the sentence `about` stand for, which is added.
            **values: What the sentences of the mistakes have placeholders for.

        Raises:
            CheckFailed: With the smallest call that was found, both values and the cause if known.
        """
        case = Case(oracle, mistakes, call, dtype, rtol, atol, others)
        attempt = self._attempt(case, given, case.ask(given))
        if isinstance(attempt.failure, NotAttempted):
            raise attempt.failure
        if not attempt.kind:
            self._right_before.append((oracle, given))
            return
        with _quietly():
            cause = self._cause(case, attempt)
            attempt = self._smallest(case, attempt, cause)
        self._about = self._sentences("about", about(*attempt.given)) if about else []
        self._explain(attempt, case.dtype, cause, values)

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
            expected: What the call should have returned. An array expects an array-like of the
                same shape; an `int` a whole number; a `float` any real number.
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
        case = Case(lambda: expected, dtype=dtype, rtol=rtol, atol=atol)
        attempt = self._judged(case, Attempt((), self._args, expected, plain(self.result)))
        if not attempt.kind:
            self.result = attempt.result
            return
        end = partial(self._explain, attempt, dtype, pasted=self.result is self._returned)
        for kind, says, results in _alternatives(mistakes):
            for gives in results:
                if attempt.kind != "dtype" and attempt.is_like(
                    gives() if callable(gives) else gives
                ):
                    end(Cause(kind), values, says)
        kind = causes.certain(attempt)
        end(Cause(kind) if kind else None, values)

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
            kind = result if isinstance(result, type) else type(result)
            returned = "returns-error" if issubclass(kind, Exception) else "no-error"
            self._end(returned, returned=describe(result), **details)
        self.calls += 1

    def about(self, kind: str, **values: Any) -> None:
        """Add a sentence of the table to whatever this trial ends with before its next call.

        Args:
            kind: The sentence's key in the table.
            **values: What its placeholders stand for.
        """
        self._about = self._sentences(kind, values)

    def report(self, kind: str, *, at: Any = None, **values: Any) -> NoReturn:
        """End the trial as wrong, with a sentence of the exercise's table.

        Args:
            kind: The sentence's key in the table.
            at: The layer of the student's model that is at fault, if it is one.
            **values: What its placeholders stand for.
        """
        self._end(kind, values=values, at=at)

    def fail(self, *lines: str) -> NoReturn:
        """End the trial as wrong, in the caller's own words: a sentence, then remarks."""
        self._end(slug(lines[0].lower()), lines)

    def _attempt(self, case: Case, given: Arguments, right: Any) -> Attempt:
        """Call the function on an input and say what came of it."""
        args = case.call(*given)
        try:
            result = self.call(*args)
        except CheckFailed as failure:
            return Attempt(given, args, right, kind=failure.finding.kind, failure=failure)
        return self._judged(case, Attempt(given, args, right, plain(result)))

    def _judged(self, case: Case, attempt: Attempt) -> Attempt:
        """The attempt with what is wrong in it."""
        allowed = causes.tolerance(case, attempt.right)
        result, dtype = attempt.result, case.dtype
        kind, differs = difference(result, attempt.right, allowed) or ("", "")
        if not kind:
            self.result = result
            if dtype is not None and result.dtype != np.dtype(dtype):
                kind, differs = "dtype", f"dtype {result.dtype} instead of {np.dtype(dtype)}"
        return replace(attempt, kind=kind, differs=differs, tolerance=allowed)

    def _cause(self, case: Case, first: Attempt) -> Cause | None:
        """The one cause that explains a wrong answer and those on other inputs, if there is one."""
        if first.kind in ("dtype", "changes-argument"):  # which says it all
            return None
        others = self._others(case, first)
        before = [
            Attempt(given, given, right, right, tolerance=causes.tolerance(case, right))
            for oracle, given in self._right_before[-_BEFORE:]
            if oracle is case.oracle and (right := case.right(given)) is not None
        ]
        mistakes = causes.mistakes_that_fit(case, [first, *others, *before])
        if mistakes:
            return mistakes[0] if len(mistakes) == 1 else None
        if kind := causes.certain(first):
            return Cause(kind)
        wrong = [first, *(attempt for attempt in others if attempt.kind)]
        if len(wrong) == 1:
            return None
        passes = partial(self._passes, case)
        for found in (
            [set(causes.slips(case, attempt)) for attempt in wrong],
            [set(causes.experiments(attempt, passes)) for attempt in wrong[:_EXPERIMENTS]],
        ):
            common = set.intersection(*found) - causes.refuted(others + before)
            if common:
                return common.pop() if len(common) == 1 else None
        return None

    def _others(self, case: Case, first: Attempt) -> list[Attempt]:
        """What becomes of other inputs."""
        found = []
        for given in (*case.others, *inputs.others(first.given)):
            same = len(given) == len(first.given) and all(map(inputs.same, given, first.given))
            right = None if same else case.right(given)
            if right is not None:
                found.append(self._attempt(case, given, right))
        return found

    def _passes(self, case: Case, given: Arguments) -> bool:
        right = case.right(given)
        return right is not None and not self._attempt(case, given, right).kind

    def _smallest(self, case: Case, attempt: Attempt, cause: Cause | None) -> Attempt:
        """A small input that fails in the same way; the attempt itself if it is small."""
        left = 0 if self._is_small(attempt) else _SHRINKING
        simpler = inputs.smaller(attempt.given)
        while left and (given := next(simpler, None)) is not None:
            right = case.right(given)
            if right is None or inputs.is_blanker(given, attempt.given):
                continue
            left -= 1
            tried = self._attempt(case, given, right)
            if tried.kind == attempt.kind and causes.explains(
                case, cause, tried, partial(self._passes, case)
            ):
                attempt, simpler = tried, inputs.smaller(given)
        return attempt

    def _is_small(self, attempt: Attempt) -> bool:
        return bool(call_as_code(self.name, attempt.args)) and is_small(attempt.right)

    def _explain(
        self,
        attempt: Attempt,
        dtype: Any,
        cause: Cause | None,
        values: Mapping[str, Any],
        says: Sequence[str] = (),
        pasted: bool = True,
    ) -> NoReturn:
        """End the trial with what is wrong in an attempt, and why.

        The call becomes a line that shows the difference where it is pasted, unless it does not.
        """
        values = {**values, **dict(cause.values if cause else ())}
        if "index" in values:
            values["parameter"] = self._parameter(values["index"])
        if attempt.failure is not None:
            found = attempt.failure.finding
            if cause is not None:
                remarks = (*found.remarks, *self._sentences(cause.kind, values))
                found = replace(found, remarks=remarks, hint=self._hint(cause.kind) or found.hint)
            raise type(attempt.failure)(found) from attempt.failure.__cause__
        self._called = self._describe_call(attempt.args)
        result, right = attempt.result, attempt.right
        right, returned = describe_both(right if dtype is None else right.astype(dtype), result)
        kind = attempt.kind
        if kind == "dtype":
            right, returned = f"{right}, {np.dtype(dtype)}", f"{returned}, {result.dtype}"
        elif kind == "type" and right == returned:  # a list looks like an array
            right, returned = f"{right}, an array", f"{returned}, a {type(result).__name__}"
        if pasted and self._is_small(attempt):
            self._called += f"  # expected {right}"
        self._end(
            cause.kind if cause else kind,
            says,
            values,
            recognized=cause is not None or kind == "dtype",
            expected=right,
            returned=returned,
            differs=attempt.differs,
            **({} if kind == "dtype" else pictures(result, attempt.right)),
            **({} if kind == "dtype" else drawing(result, attempt.right, attempt.tolerance)),
        )

    def _end(
        self,
        kind: str,
        says: Sequence[str] = (),
        values: Mapping[str, Any] | None = None,
        recognized: bool = True,
        at: Any = None,
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
            hint=self._hint(kind),
            **(self.layers(at) if self.layers else {}),
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

    def _hint(self, kind: str) -> int:
        return hint_number(self.module, self.name, kind)

    def _parameter(self, index: int) -> str:
        return self.parameters[index] if index < len(self.parameters) else f"#{index + 1}"

    def _describe_call(self, args: Sequence[Any]) -> str:
        if code := call_as_code(self.name, args):
            return code
        shown = []
        for index, value in enumerate(args):
            text = describe(value)
            if isinstance(value, np.ndarray) and not value.flags.c_contiguous:
                text += ", not in C order"
            shown.append(f"{self._parameter(index)} = {text}" if self.parameters else text)
        return f"{self.name}({', '.join(shown)})"

    def _failure(self, error: Exception, error_expected: str = "") -> CheckFailed:
        """What to raise for an exception of the student's function."""
        details: dict[str, Any] = {"call": self._called, "expected": error_expected}
        known = getattr(error, "finding", None)
        if isinstance(known, Finding):  # whoever called the function says why it has no result
            details["hint"] = self._hint(known.kind)
            return CheckFailed(replace(known, exercise=self.name, **details))
        frames = failures.student_frames(error)
        own = (self.name, getattr(self.function, "__name__", ""))
        finding = failures.raised(error, self.name, frames, own)
        if is_open(error):
            return NotAttempted(finding)
        remarks = () if frames else tuple(getattr(error, "__notes__", []))
        details["hint"] = self._hint(finding.kind)
        return FunctionRaised(replace(finding, remarks=remarks, **details))


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Leave out what a function prints, and warnings, while it is called again."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _names(message: str, parameter: str) -> bool:
    """Return True if a message names a parameter by itself: "array" does not name `y`."""
    return re.search(rf"(?<![A-Za-z]){re.escape(parameter)}(?![A-Za-z])", message) is not None


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
