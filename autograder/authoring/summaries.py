"""Says of each assignment what overviews show: its title, its time, its points.

The students' README and the course site are made from it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.authoring import points


@dataclass(frozen=True)
class Summary:
    """What an overview shows of an assignment.

    Attributes:
        assignment: Its id.
        title: The heading of its notebook; the id if there is none.
        time: How long it takes, for example "75 min"; empty if the notebook does not say.
        points: The most points that it can earn, for example "40".
    """

    assignment: str
    title: str
    time: str
    points: str


def summary(root: Path, assignment: str) -> Summary:
    """Summarize an assignment by the first cell of its released notebook."""
    path = root / "notebooks" / assignment / f"{assignment}.ipynb"
    text = nbformat.read(path, as_version=4).cells[0].source
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    time = re.search(r"(\d+) minutes", text)
    worth = sum(points.accepted(root).get(assignment, {}).values())
    return Summary(
        assignment,
        title[1] if title else assignment,
        f"{time[1]} min" if time else "",
        f"{worth:g}",
    )
