"""From a graded notebook to what the page says of each exercise, and what else is in it.

`parts_of` sorts the cells: a cell with points is an exercise; the student's answer, and the task
above it, belong to it. Everything else is left for the end of the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder import cells

ABOUT = "about-grading"  # id of the cell that grading put on top
_HEADING = re.compile(r"^#{1,6} +(?P<text>\S.*)", re.MULTILINE)
_EXERCISE = re.compile(r"exercise\s+(?P<number>\d+)[\s·:.–-]*", re.IGNORECASE)
_FENCED = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.MULTILINE | re.DOTALL)


@dataclass
class Part:
    """An exercise in the notebook.

    Attributes:
        test: The cell that has the points.
        number: As the task says, else by its place.
        title: As the task says, else the exercise's name in backquotes.
        task: Markdown.
        answers: The student's cells.
    """

    test: NotebookNode
    number: int
    title: str
    task: str = ""
    answers: list[NotebookNode] = field(default_factory=list)


def parts_of(notebook: NotebookNode) -> tuple[list[Part], list[NotebookNode]]:
    """The exercises, and the cells that belong to none, both in order."""
    all_cells = [c for c in notebook.cells if c.get("id") != ABOUT]
    index = {cells.grade_id(c): i for i, c in enumerate(all_cells) if cells.grade_id(c)}
    used: set[int] = set()
    cut: dict[int, str] = {}  # what is left of a text whose end is a task
    parts = []
    for i, cell in enumerate(all_cells):
        if not cells.has_points(cell):
            continue
        name = cells.exercise(cell)
        answer = i if cells.is_answer(cell) else index.get(name, -1)
        if answer < 0:
            answer = _answer_above(all_cells, i, used)
        own = [answer] if answer >= 0 else []
        if cells.is_task(cell):
            own = _added_below(all_cells, i)
        start = i if answer < 0 or cells.is_task(cell) else answer
        above, task = _task_above(all_cells, start)
        if cells.is_task(cell):
            task = f"{task}\n\n{cell.source}".strip()
        number, title = _title(task, name, len(parts) + 1)
        parts.append(Part(cell, number, title, task, [all_cells[j] for j in own]))
        used |= {i, *own, *above}
        cut.update(above)
    rest = []
    for i, cell in enumerate(all_cells):
        if i not in used:
            rest.append(cell)
        elif cut.get(i, "").strip():
            rest.append(NotebookNode(cell | {"source": cut[i]}))
    return parts, rest


def title_of(notebook: NotebookNode) -> str:
    """The first heading of the notebook; empty if there is none."""
    texts = (c.source for c in notebook.cells if c.cell_type == "markdown")
    found = next(filter(None, map(_HEADING.search, texts)), None)
    return _words(found) if found else ""


def _words(heading: re.Match[str]) -> str:
    """What a heading says; it may be closed by more `#`."""
    return heading["text"].rstrip().rstrip("#").rstrip()


def _headings(text: str) -> list[re.Match[str]]:
    """The headings of a text; a line of code may look like one."""
    blank = _FENCED.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    return [*_HEADING.finditer(blank)]


def _answer_above(all_cells: Sequence[NotebookNode], place: int, used: set[int]) -> int:
    """The nearest answer above a test whose id does not name it; -1 if there is none."""
    for i in range(place - 1, -1, -1):
        if cells.is_answer(all_cells[i]) and i not in used:
            return i
        if cells.has_points(all_cells[i]):
            break
    return -1


def _added_below(all_cells: Sequence[NotebookNode], place: int) -> list[int]:
    """The cells that a student added below a task."""
    found = []
    for i in range(place + 1, len(all_cells)):
        if cells.grade_id(all_cells[i]) or _HEADING.match(all_cells[i].source):
            break
        found.append(i)
    return found


def _task_above(all_cells: Sequence[NotebookNode], place: int) -> tuple[dict[int, str], str]:
    """The texts right above a cell from their last heading on; what is left of each by its index.

    A heading that says "Exercise" comes before others. Where set-up cells stand between, only texts
    with such a heading are meant; so it is with predictions.
    """
    above, i = {}, place - 1
    while i >= 0 and cells.role(all_cells[i]) in ("set-up", "prediction"):
        i -= 1
    apart, heading = i < place - 1, None
    while i >= 0 and all_cells[i].cell_type == "markdown" and not cells.has_points(all_cells[i]):
        above[i] = all_cells[i].source
        i -= 1
    task: list[str] = []
    left: dict[int, str] = {}
    for i, text in above.items():  # upwards
        headings = _headings(text)
        named = [found for found in headings if _EXERCISE.match(found["text"])]
        heading = (named or headings or [None])[-1]
        left[i] = text[: heading.start()] if heading else ""
        task.insert(0, text[heading.start() :] if heading else text)
        if heading:
            break
    if apart and not (heading and _EXERCISE.match(heading["text"])):
        return {}, ""
    return left, "\n\n".join(task).strip()


def _title(task: str, name: str, place: int) -> tuple[int, str]:
    heading = _HEADING.match(task)
    if not heading:
        return place, f"`{name}`"
    text = _words(heading)
    found = _EXERCISE.match(text)
    if not found:
        return place, text
    return int(found["number"]), text[found.end() :] or f"`{name}`"
