"""How a check ends other than well: exceptions that carry a `Finding`, and what a traceback says.

IPython shows them as a few readable lines.
"""

import inspect
import re
import sysconfig
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.lab.findings import Finding, one_line, slug, uncolored

# Bold and intense: the plain ones are faint on the pale ground of an error in JupyterLab.
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"  # no color reads well on all of JupyterLab's grounds
_FOREIGN = [Path(sysconfig.get_path("stdlib")), Path(__file__).parent]
_STUB = re.compile(r"raise NotImplementedError(\(\))?\s*(#.*)?")


class CheckFailed(AssertionError):
    """An exercise that is not right yet.

    Attributes:
        finding: Why. `str(error)` is its text.
        outcome: How the visible check ended, for the table of all exercises.
    """

    outcome = "wrong"

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
        return [f"{_BOLD}{first}{_PLAIN}", *rest]


class NotAttempted(CheckFailed):
    """The exercise's stub has not been replaced."""

    outcome = "not attempted"


class FunctionRaised(CheckFailed):
    """The student's function raised instead of returning."""

    outcome = "raises"


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
    return raised(error, "", frames, [frame.name for frame in frames[:1]])


def raised(
    error: BaseException,
    exercise: str,
    frames: Sequence[traceback.FrameSummary],
    own: Sequence[str],
) -> Finding:
    """An exception in the student's function; `own` are the names of the function itself."""
    name, last = type(error).__name__, frames[-1] if frames else None
    message = f"{name}: {uncolored(str(error))}"
    if is_open(error):
        if last is None or last.name in own:
            return Finding(exercise, "not attempted", "not-attempted", "It is not attempted yet.")
        sentence = f"It calls `{last.name}`, which is not attempted yet."
        return Finding(exercise, "wrong", f"calls-unattempted-{slug(last.name)}", sentence, True)
    return Finding(
        exercise,
        "raises",
        f"raises-{slug(name)}",
        f"It raises {one_line(message).rstrip('.: ')}.",
        raised=message,
        where=f"{last.lineno} of `{last.name}`: {last.line}" if last else "",
    )


def is_open(error: BaseException | None) -> bool:
    """Return True if a stub raised this error itself; Keras raises `NotImplementedError`, too."""
    if not isinstance(error, NotImplementedError):
        return False
    frames = getattr(error, "student_frames", None) or traceback.extract_tb(error.__traceback__)
    return bool(frames and _STUB.fullmatch(frames[-1].line or ""))


def is_stub(function: Any) -> bool:
    """Return True if a function's code still has the line that stands for an answer."""
    try:
        lines = inspect.getsource(function).splitlines()
    except (OSError, TypeError):  # not a function, or its code is nowhere
        return False
    return any(_STUB.fullmatch(line.strip()) for line in lines)


def student_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the student's own code, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [f for f in frames if f.line and not _is_foreign(Path(f.filename))]
    return getattr(error, "student_frames", own)  # those of an error of another process


def _is_foreign(file: Path) -> bool:
    """Return True for a file of a library, of Python or of this package."""
    return "site-packages" in file.parts or any(file.is_relative_to(f) for f in _FOREIGN)
