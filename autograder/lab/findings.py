"""What a check found, as data, and the sentences that say it.

`Trial` and the checks make a `Finding`; it travels with the exception that ends a check, through
the examiner into the graded notebook. Messages, pages and exports are made from it, and nobody
reads it out of a text again. The grading host imports this module, so it needs the standard library
only.

Sentences stand in `checks/MODULE.toml`: a table for each exercise, which maps a kind to a sentence
or to a list (a sentence, then remarks). Its table `[shared]` serves all exercises of the module,
and `checks/shared.toml` those of all modules. The key `hints` of an exercise's table is no kind: it
has a list for each hint of the task, of the kinds that the hint helps with.
"""

import math
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

OUTCOMES = ("not attempted", "raises", "wrong", "stopped")
EARLIER = "earlier"  # the kind of what a version without findings found
_MAX_TEXT, _MAX_PARTS = 2000, 20  # characters of a text, texts of a tuple
_MAX_KIND = 100
_SHORTER = {"sentence": 300, "kind": _MAX_KIND}  # characters of these fields
_LAYERS = ("yours_layers", "wanted_layers")
_MAX_LAYERS, _MAX_LAYER = 60, 200  # layers of a model, characters of each
MAX_SIDE = 16  # rows and columns of an array that is drawn
_MAX_HINT = 20
HINTS = "hints"  # the key of a table that has no sentence
SHARED = Path(__file__).parent / "checks" / "shared.toml"

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Finding:
    """Why an exercise is not right.

    Attributes:
        exercise: Name of the graded function.
        outcome: One of `OUTCOMES`.
        kind: What is wrong, as an id: unique within the exercise, and the same when the sentence is
            reworded.
        sentence: What is wrong, in one sentence for people.
        recognized: True if the sentence names the cause, and not only a symptom.
        call: The call that went wrong, such as `stamp(x = float64 array of shape (2, 2))`.
        expected: What it should have returned or raised.
        returned: What it returned.
        differs: Where the two differ.
        raised: The exception, as type and message.
        where: The student's line that raised: its number, its function and its code.
        remarks: Further sentences.
        yours: A small matrix that came back, row by row.
        wanted: The matrix that was expected, row by row.
        line: Line of the test's cell at which it ended; 0 if that is not known.
        yours_values: What came back as numbers to be drawn, row by row; at most `MAX_SIDE` by
            `MAX_SIDE`.
        wanted_values: What was expected, likewise.
        part: The part of the result that these are, as an index; empty if they are all of it.
        differing: Row and column of each number of `yours_values` that differs.
        yours_layers: The model that came back, a line for each layer.
        wanted_layers: The model that was expected, likewise, if it is known.
        differing_layer: Index of the layer of `yours_layers` that is at fault; -1 if none is.
        hint: Which hint of the task helps, from 1; 0 if none is known to.
    """

    exercise: str
    outcome: str
    kind: str
    sentence: str
    recognized: bool = False
    call: str = ""
    expected: str = ""
    returned: str = ""
    differs: str = ""
    raised: str = ""
    where: str = ""
    remarks: tuple[str, ...] = ()
    yours: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    line: int = 0
    yours_values: Rows = ()
    wanted_values: Rows = ()
    part: str = ""
    differing: tuple[tuple[int, ...], ...] = ()
    yours_layers: tuple[str, ...] = ()
    wanted_layers: tuple[str, ...] = ()
    differing_layer: int = -1
    hint: int = 0

    def text(self) -> str:
        """The message that a notebook shows, in a few lines."""
        if self.outcome == "not attempted":
            return f"○ {self.exercise}: not attempted yet (open)."
        if self.outcome == "stopped" or self.kind == EARLIER:
            return "\n".join([self.sentence, *self.remarks])
        if self.kind.startswith("calls-unattempted-"):
            return f"○ {self.exercise}: {self.sentence[0].lower()}{self.sentence[1:]}"
        raises = f"it raises {self.kind.removeprefix('raises-')}"
        header = f"✗ {self.exercise}: {raises if self.outcome == 'raises' else 'not right yet'}."
        labelled = {
            "called": self.call,
            "expected": self.expected,
            "returned": self.returned,
            "differs": self.differs,
            "raised": self.raised,
            "in line": self.where,
        }
        lines = [f"{label:<10}{value}" for label, value in labelled.items() if value]
        lines.extend(self._side_by_side())
        if self.recognized and self.differs:  # the result is what a known mistake leads to
            lines.append(f"Likely cause: {self.sentence}")
        elif self.recognized and not self.expected:
            lines.append(self.sentence)
        lines.extend(self.remarks)
        return "\n".join([header, *(f"  {x}" for line in lines for x in line.split("\n"))])

    def _side_by_side(self) -> list[str]:
        if not self.yours:
            return []
        width = max(len(row) for row in ("yours", *self.yours))
        rows = [("yours", "expected"), *zip_longest(self.yours, self.wanted, fillvalue="")]
        return [f"{left:<{width}}     {right}".rstrip() for left, right in rows]

    def to_data(self) -> dict[str, Any]:
        """The finding as a dict of plain data, cut to what `from_data` takes."""
        data = {}
        for field in fields(self):
            value, longest = getattr(self, field.name), _SHORTER.get(field.name, _MAX_TEXT)
            if field.name in _VALUES:
                value = [[_VALUES[field.name](v) for v in row[:MAX_SIDE]] for row in value]
                value = value[: MAX_SIDE**2 if field.name == "differing" else MAX_SIDE]
            elif field.name in _LAYERS:
                value = [line[:_MAX_LAYER] for line in value[:_MAX_LAYERS]]
            elif field.name == "hint":
                value = value if value in range(_MAX_HINT + 1) else 0
            elif isinstance(value, tuple):
                value = [part[:longest] for part in value[:_MAX_PARTS]]
            data[field.name] = value[:longest] if isinstance(value, str) else value
        return data

    @classmethod
    def from_data(cls, data: object) -> "Finding":
        """The finding that `to_data` wrote, today or in a version that knew fewer fields.

        Raises:
            ValueError: It is anything else, or a text is too long.
        """
        types = {f.name: str if f.default is MISSING else type(f.default) for f in fields(cls)}
        known = dict(data) if isinstance(data, dict) else {}
        if not _FIRST_FIELDS <= known.keys() <= types.keys():
            raise ValueError("this is not a finding")
        values: dict = {n: tuple(v) if isinstance(v, list) else v for n, v in known.items()}
        for name in _VALUES & values.keys():
            values[name] = _rows(values[name], int if name == "differing" else float)
        parts = [values[n] for n, v in values.items() if type(v) is tuple and n not in _VALUES]
        finding = cls(**values)
        if (
            any(type(value) is not types[name] for name, value in values.items())
            or any(type(text) is not str for texts in parts for text in texts)
            or {n: v for n, v in finding.to_data().items() if n in known} != known  # too long
            or finding.outcome not in OUTCOMES
            or not re.fullmatch(r"[A-Za-z0-9_-]+", finding.kind)
        ):
            raise ValueError("a field of the finding has another form")
        return finding


_FIRST_FIELDS = {f.name for f in fields(Finding)[: [f.name for f in fields(Finding)].index("line")]}


def _number(value: float) -> float | str:
    """A number for JSON, which has neither infinity nor nan."""
    return float(value) if math.isfinite(value) else str(float(value))


_VALUES = {"yours_values": _number, "wanted_values": _number, "differing": int}


def _rows(rows: object, kind: type) -> tuple:
    """Rows of numbers.

    Raises:
        ValueError: They are anything else.
    """
    try:
        return tuple(tuple(map(kind, row)) for row in rows)  # pyright: ignore[reportGeneralTypeIssues]
    except TypeError as error:
        raise ValueError("these are not rows of numbers") from error


def slug(text: str) -> str:
    """A kind made of a sentence's first words; its numbers are left out, since they vary."""
    words = [word for word in re.findall(r"\w+", text, re.ASCII) if not word[0].isdigit()]
    return "-".join(words[:8])[:_MAX_KIND] or "unnamed"


def uncolored(text: str) -> str:
    """A text without the codes for a terminal that Keras puts into its messages."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def one_line(text: str, longest: int = 200) -> str:
    """The first line of a text that someone else wrote, printable and short."""
    line = "".join(c if c.isprintable() else " " for c in text.strip().split("\n")[0])
    return line if len(line) <= longest else line[: longest - 3] + "..."


def sentences(module: str, exercise: str) -> Mapping[str, str | list[str]]:
    """The sentences of an exercise by kind; those of all exercises are among them.

    Args:
        module: Dotted name of the module that defines its check.
        exercise: Name of the graded function.
    """
    own = _tables_of(module)
    table = {**_tables(SHARED), **own.get("shared", {}), **own.get(exercise, {})}
    table.pop(HINTS, None)
    return table


def hint_number(module: str, exercise: str, kind: str) -> int:
    """Which hint of the task helps with what is wrong, from 1; 0 if the table names none.

    Args:
        module: Dotted name of the module that defines the exercise's check.
        exercise: Name of the graded function.
        kind: What is wrong.
    """
    lists = _tables_of(module).get(exercise, {}).get(HINTS, [])
    return next((number for number, kinds in enumerate(lists, 1) if kind in kinds), 0)


def _tables_of(module: str) -> dict[str, Any]:
    file = getattr(sys.modules.get(module), "__file__", None)
    return _tables(Path(file).with_suffix(".toml")) if file else {}


@cache
def _tables(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
