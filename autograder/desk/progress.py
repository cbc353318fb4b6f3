"""Reads a notebook's own words about itself, and how far a student has come in it.

`card` is the entry point; `home` makes the first page from it. Progress is what the outputs of the
visible checks say that were saved. It is the student's own record, which grading never reads.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder import cells
from autograder.desk.work import own_file, released_file

_LINK = re.compile(r"\[([^\]]*)\]\(\.\./[^)]*\)")  # to another notebook, from a notebook
Outcome = Literal["right", "tried", "open"]


@dataclass(frozen=True)
class Card:
    """What the first page says of an assignment.

    Attributes:
        assignment: Its id.
        title: The notebook's heading, as Markdown.
        minutes: How long it takes; None if the notebook does not say.
        needs: What one should know before, as Markdown; empty if the notebook does not say.
        points: What all exercises are worth.
        outcomes: By the name of each exercise with a check, in order, how far it is; None if the
            student's file cannot be read.
    """

    assignment: str
    title: str
    minutes: int | None
    needs: str
    points: float
    outcomes: dict[str, Outcome] | None


def card(root: Path, assignment: str) -> Card:
    """Read the card of an assignment from the released notebook and the student's."""
    try:
        released = _cells(released_file(root, assignment))
    except (OSError, ValueError):
        released = []
    try:
        outcomes = _outcomes(released, _cells(own_file(root, assignment)))
    except Exception:  # whatever stands in a student's file
        outcomes = None
    text = next((c["source"] for c in released if c["cell_type"] == "markdown"), "")
    title = re.search(r"^# +(.+)$", text, re.MULTILINE)
    minutes = re.search(r"^\*\*Time\*\*\D*(\d+) minutes", text, re.MULTILINE)
    needs = re.search(r"^\*\*You need to know\*\*:?\s+(.+?)(?:\n\s*\n|\Z)", text, re.M | re.S)
    return Card(
        assignment,
        title[1].strip() if title else assignment,
        int(minutes[1]) if minutes else None,
        _LINK.sub(r"\1", " ".join(needs[1].split())) if needs else "",
        sum(cells.points(c) or 0 for c in released if cells.has_points(c)),
        outcomes,
    )


def _outcomes(released: Iterable[cells.Cell], own: Iterable[cells.Cell]) -> dict[str, Outcome]:
    saved = cells.by_id(own)
    return {
        cells.exercise(name): _outcome(cells.exercise(name), saved.get(name, {}))
        for name, cell in cells.by_id(released).items()
        if cells.role(cell) == "grade"
    }


def _outcome(exercise: str, cell: cells.Cell) -> Outcome:
    lines = [line.strip() for text in _texts(cell.get("outputs", [])) for line in text.split("\n")]
    lines = [line for line in lines if line]
    if any(line.startswith(f"✓ {exercise}: right") for line in lines):
        return "right"
    waiting = f"{exercise}: not attempted yet"
    if not lines or any(line.removeprefix("○ ").startswith(waiting) for line in lines):
        return "open"
    return "tried"


def _texts(outputs: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The plain texts of a cell's outputs."""
    for output in outputs:
        data = output.get("data", {}).get("text/plain", "")
        for text in (output.get("text", ""), data, output.get("evalue", "")):
            yield _whole(text)


def _cells(path: Path) -> list[dict[str, Any]]:
    """A notebook's cells, without the time that validation takes.

    Raises:
        OSError: It is not there.
        ValueError: It is not a notebook.
    """
    notebook = json.loads(path.read_bytes())
    try:
        return [{**cell, "source": _whole(cell["source"])} for cell in notebook["cells"]]
    except (TypeError, KeyError) as reason:
        raise ValueError(f"{path} is not a notebook") from reason


def _whole(text: str | list[str]) -> str:
    """A text of a notebook's file, which may be kept as lines."""
    return text if isinstance(text, str) else "".join(text)
