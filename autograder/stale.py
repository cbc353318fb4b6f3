"""Compares a release with what its source gives: its cells, not their outputs.

Grading and packing ask before they take anything from notebooks/, where somebody may have solved
exercises. Each makes the expected release with nbgrader in its own way.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from nbformat import NotebookNode

from autograder import cells

_ABOUT = re.compile(r"\A<!-- .*? -->\n")  # says from which file a notebook was made


def difference(released: Sequence[NotebookNode], expected: Sequence[NotebookNode]) -> str | None:
    """What the first cell that is not as expected is called; None if all are."""
    for number, pair in enumerate(zip_longest(released, expected), 1):
        there = [cell for cell in pair if cell is not None]
        if len(there) < 2 or _told(there[0]) != _told(there[1]):
            return f"cell {number} ({cells.grade_id(there[0]) or there[0].cell_type})"
    return None


def refusal(assignment: str, what: str) -> str:
    """The sentence with which a release is refused."""
    return (
        f"notebooks/{assignment}/ is not what its source gives ({what}): run"
        f" `git checkout notebooks/{assignment}`, or `make build` if its source is newer; answers"
        " of your own belong in my-work/."
    )


def _told(cell: NotebookNode) -> tuple:
    return cell.cell_type, _ABOUT.sub("", cell.source), cell.metadata.get("nbgrader")
