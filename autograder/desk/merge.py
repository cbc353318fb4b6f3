"""Puts what a student wrote into a new release of a notebook.

`merge` is the entry point; `work` calls it when a release is not the one that a student's file was
made from. nbgrader's metadata says which cells are answers, and whether one is still its stub.
"""

import copy
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import cells

HEADING = "## From the earlier edition, not graded"


class Unmergeable(Exception):
    """A student's file that is better left alone; the message says why."""


def merge(student: NotebookNode, base: NotebookNode | None, release: NotebookNode) -> NotebookNode:
    """The release, with the answers and the own cells of a student.

    An answer counts if the release has an answer of its id. Cells that the student added follow the
    neighbor that they followed, and other cells that may be edited keep the student's text where
    the release still has the text that was edited. A guess goes to the prediction of the same key,
    however that asks by now. Answers that the release has no place for stand at the end as plain
    cells. All else is the release's; outputs of its cells are left out.

    Args:
        student: The student's file.
        base: The release that it was made from; None if it is not known, and then no text that
            came with a release counts as edited.
        release: The new one.

    Raises:
        Unmergeable: An id stands in two cells, or no cell has one any more.
    """
    _check_ids(student, base or release)
    merged = copy.deepcopy(release)
    places = _Places(merged, base)
    added: dict[int, list[NotebookNode]] = defaultdict(list)  # by the place of the cell above
    homeless = []
    above = -1
    for cell in student.cells:
        place = places.of(cell)
        if place is not None:
            above = place
            target = merged.cells[place]
            if cells.is_answer(target) and cells.is_answer(cell):
                target.source = cell.source if is_written(cell) else target.source
                continue
            if places.is_edited(cell, target):
                target.source = cell.source
            elif _question(cell) == _question(target) != "":
                guess = cells.predictions(cell)[0].get("guess")
                target.source = target.source.replace("guess=None", f"guess={guess!r}")
        elif not places.is_of_base(cell):
            added[above].append(_own(cell))
            continue
        if cells.is_answer(cell) and is_written(cell):
            homeless.append(_plain(cell))
    result = added[-1]
    for place, cell in enumerate(merged.cells):
        result += [cell, *added[place]]
    if homeless and HEADING not in [cell.source for cell in result]:
        homeless.insert(0, new_markdown_cell(HEADING))
    merged.cells = _with_ids_of_their_own([*result, *homeless])
    return merged


def is_written(cell: NotebookNode) -> bool:
    """Return True if an answer is not the stub that was released; its checksum tells."""
    checksum = cell.metadata.nbgrader.get("checksum")
    if not isinstance(checksum, str):
        return "raise NotImplementedError()" not in cell.source
    return checksum not in (_checksum(cell, text) for text in (cell.source, _text(cell)))


def _checksum(cell: NotebookNode, text: str) -> str:
    """What nbgrader writes into the metadata of an answer that has this text."""
    points = cells.points(cell)
    flags = (cells.has_points(cell), cells.is_answer(cell), cells.is_locked(cell))
    parts = [text, cell.cell_type, *map(str, flags), cells.grade_id(cell)]
    if cells.has_points(cell) and isinstance(points, int | float):
        parts.append(str(float(points)))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _check_ids(student: NotebookNode, base: NotebookNode) -> None:
    ids = Counter(cells.grade_id(cell) for cell in student.cells)
    del ids[""]
    if not ids and cells.by_id(base.cells):
        raise Unmergeable("its cells have lost the marks that say which ones are answers")
    if twice := [name for name, count in ids.items() if count > 1]:
        raise Unmergeable(f"two cells are called {twice[0]}: delete one of them")


class _Places:
    """Where cells of a student's file stand in the release."""

    def __init__(self, release: NotebookNode, known: NotebookNode | None) -> None:
        base = known or release
        self.knows_base = known is not None
        self.by_grade_id = {cells.grade_id(c): i for i, c in enumerate(release.cells)}
        self.by_question = {_question(c): i for i, c in enumerate(release.cells) if _question(c)}
        self.by_text = {_key(c): i for i, c in enumerate(release.cells) if not cells.grade_id(c)}
        self.base = {c.id: c for c in base.cells if "id" in c}
        self.base_grade_ids = cells.by_id(base.cells).keys()
        self.base_texts = {_key(c) for c in base.cells}

    def of(self, cell: NotebookNode) -> int | None:
        """The place of the release's cell that was this one, or None."""
        if name := cells.grade_id(cell):
            return self.by_grade_id.get(name)
        if (asked := _question(cell)) in self.by_question:
            return self.by_question[asked]
        before = self.base.get(cell.get("id"))
        known = [_key(cell)] if before is None else [_key(before), _key(cell)]
        return next((self.by_text[key] for key in known if key in self.by_text), None)

    def is_of_base(self, cell: NotebookNode) -> bool:
        """Return True if the student did not add the cell."""
        if name := cells.grade_id(cell):
            return cells.is_answer(cell) or name in self.base_grade_ids
        return cell.get("id") in self.base or _key(cell) in self.base_texts

    def is_edited(self, cell: NotebookNode, target: NotebookNode) -> bool:
        """Return True if the student changed a cell that the release leaves open and as it was."""
        before = self.base.get(cell.get("id")) if self.knows_base else None
        if before is None or cells.is_locked(target) or cells.has_points(target):
            return False
        return _key(before) == _key(target) != _key(cell)


def _question(cell: NotebookNode) -> str:
    """By which a prediction is known; empty if the cell is none."""
    return repr(cells.predictions(cell)[0].get("key")) if cells.role(cell) == "prediction" else ""


def _key(cell: NotebookNode) -> tuple[str, str]:
    return cell.cell_type, _text(cell)


def _text(cell: NotebookNode) -> str:
    return cells.text(cell.source)


def _own(cell: NotebookNode) -> NotebookNode:
    """A cell that the student added, which nothing can take for one of the course's."""
    own = copy.deepcopy(cell)
    own.metadata.pop("nbgrader", None)
    return own


def _plain(cell: NotebookNode) -> NotebookNode:
    new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    return new(cell.source)


def _with_ids_of_their_own(notebook_cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    """The cells; one without an id, or with that of a cell before it, gets a new one."""
    known: set[str] = set()
    result = []
    for cell in notebook_cells:
        if cell.get("id") is None or cell.id in known:
            cell.id = new_markdown_cell().id
        known.add(cell.id)
        result.append(cell)
    return result
