"""Reads what a failed grade cell said: how the answer failed, and which misconception is behind it.

The texts are written by `Trial` in autograder/lab/trial.py and by the checks that use it. A failure
gets an id that stays the same while sizes and values in its sentence change, so that those of a
class can be counted. `autograder.grading.outgoing.marks` calls this for every grade cell.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KNOWN = "Likely cause: "
_LABELS = ("called ", "expected ", "returned ", "differs ", "raised ", "in line ", "yours ")
_DRAWN = re.compile(r"(?:[-+.\de]|nan|inf|\s)*")  # a row of a small array that a check drew
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_SENTENCE = re.compile(r"(?<=[.?])\s+(?=[A-Z`])")
_LONGEST = 200  # characters of a sentence


@dataclass(frozen=True)
class Failure:
    """Why an exercise lost points.

    Attributes:
        outcome: "not attempted", "stopped" (by a limit, or its process ended), "raises" or "wrong".
        id: A name for what went wrong, the same for all students with whom it did.
        says: What went wrong, in a sentence.
        recognized: Whether a check said what is behind it, and not only that values differ.
    """

    outcome: str
    id: str
    says: str
    recognized: bool


def read_failure(error: Mapping[str, Any]) -> Failure:
    """What the error of a grade cell, in the form of a notebook's output, says."""
    name, text = str(error.get("ename", "")), str(error.get("evalue", ""))
    header, *rest = text.split("\n")
    lines = [line.strip() for line in rest]
    if name == "Stopped":
        return _failure("stopped", header, recognized=False)
    if name == "NotImplementedError" or header.endswith(": not attempted yet."):
        return _failure("not attempted", "Not attempted.", recognized=False)
    if header.startswith("○ "):  # it calls an exercise that is not attempted
        return _failure("wrong", header.partition(": ")[2], recognized=True)
    if header.startswith("✗ ") and ": it raises " in header:
        raised = next((x for x in lines if x.startswith("raised ")), "").removeprefix("raised ")
        return _raises(raised.strip() or header.partition("raises ")[2])
    if header.startswith("✗ "):
        return _wrong(lines)
    if name in ("AssertionError", "AnswerLost"):
        return _failure("wrong", header or "A test's assertion fails.", recognized=bool(header))
    if name == "TypeError" and "cannot be graded" in header:
        return _failure("wrong", header, recognized=True)
    return _raises(f"{name}: {header}")


def _wrong(lines: list[str]) -> Failure:
    """What the lines below "not right yet" say: a misconception, a remark, or what differs."""
    for line in lines:
        if line.startswith(_KNOWN):
            return _failure("wrong", line.removeprefix(_KNOWN), recognized=True, numbers=True)
    remarks = [x for x in lines if not x.startswith(_LABELS) and not _DRAWN.fullmatch(x)]
    if remarks:
        return _failure("wrong", remarks[-1], recognized=True)
    given = {line.split()[0]: line.partition(" ")[2].strip() for line in lines if line}
    if " whose message names " in given.get("expected", ""):
        return _failure("wrong", f"It does not raise {given['expected']}.", recognized=True)
    differs = re.sub(r"^(?:entry \d+: )+", "", given.get("differs", ""))
    if differs.startswith(("shape", "dtype")):
        return _failure("wrong", f"The result has another {differs[:5]}.", recognized=False)
    if " is expected" in differs:
        return _failure("wrong", differs.partition(", not ")[0] + ".", recognized=False)
    return _failure("wrong", "The values differ.", recognized=False)


def _raises(what: str) -> Failure:
    return _failure("raises", f"It raises {what.rstrip('.: ')}.", recognized=False)


def _failure(outcome: str, text: str, *, recognized: bool, numbers: bool = False) -> Failure:
    """A failure whose id leaves out the numbers, unless they are part of the misconception."""
    says = "".join(c if c.isprintable() else " " for c in _SENTENCE.split(text.strip())[0])
    says = says[:1].upper() + says[1:]
    if len(says) > _LONGEST:
        says = says[: _LONGEST - 3] + "..."
    words = re.findall(r"[a-z0-9]+", (says if numbers else _NUMBER.sub(" n ", says)).lower())
    return Failure(outcome, "-".join(words)[:_LONGEST] or outcome, says, recognized)
