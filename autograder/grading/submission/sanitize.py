"""Rebuilds a submission against the instructor's copy.

What an instructor locked comes from the instructor; what a student may write comes from the
student. Deleted, duplicated, moved and edited cells are repaired and noted, cells that lost their
metadata are recognized (see `matching`), and no metadata of the student's survives.
"""

import copy

import nbformat
from nbformat import NotebookNode

from autograder import cells
from autograder.grading.submission.matching import Match, match


def sanitize(
    submitted: NotebookNode, instructor: NotebookNode, release: NotebookNode
) -> tuple[NotebookNode, list[str]]:
    """The notebook to execute, and notes on what had to be repaired.

    Args:
        submitted: The student's cells, as `intake.read_submission` gives them.
        instructor: The solution notebook with its hidden tests.
        release: What the student was given; a deleted answer is replaced by its stub.

    Cells that the instructor's notebook identifies stand in the instructor's order. Every other
    cell stays behind the identified cell that it follows, but what a student wrote directly above
    an answer stays above it.
    """
    known, stubs = cells.by_id(instructor.cells), cells.by_id(release.cells)
    authors = {cells.text(c.source) for c in release.cells if not cells.grade_id(c)}
    found = match(submitted.cells, release)
    names = {place: name for name, place in found.places.items()}
    above: dict[str, list[NotebookNode]] = {}
    behind: dict[str, list[NotebookNode]] = {"": []}
    anchor = ""
    written: list[NotebookNode] = []  # by the student, since the last cell that is not
    for place, cell in enumerate(submitted.cells):
        if place in found.left_out:
            continue
        if name := names.get(place, ""):
            if cells.is_answer(known[name]):
                above[name] = written
                del behind[anchor][len(behind[anchor]) - len(written) :]
            anchor, written = name, []
            behind[name] = []
            continue
        cell = _foreign(cell, authors)
        is_authors = cells.text(cell.source) in authors or cells.role(cell) == "prediction"
        written = [] if is_authors else [*written, cell]
        behind[anchor].append(cell)
    rebuilt = behind[""]
    for name, original in known.items():
        source = _answer(name, original, stubs, submitted, found)
        rebuilt += [*above.get(name, []), _restored(original, source), *behind.get(name, [])]
    clean = nbformat.v4.new_notebook(cells=rebuilt, metadata=copy.deepcopy(instructor.metadata))
    for number, cell in enumerate(clean.cells):
        cell.id = cells.grade_id(cell) or f"cell-{number}"
    unread = submitted.metadata.get("autograder", {}).get("notes", [])
    return clean, [*unread, *_notes(known, stubs, submitted, found)]


def _answer(
    name: str,
    original: NotebookNode,
    stubs: dict[str, NotebookNode],
    submitted: NotebookNode,
    found: Match,
) -> str:
    """The text of an identified cell: of an answer the student's, else the instructor's."""
    if not cells.is_answer(original):
        return original.source
    if name in found.answered_in:
        return f"# `{name}` is answered in the cell `{found.answered_in[name]}`."
    if name in found.places:
        return submitted.cells[found.places[name]].source
    return stubs[name].source


def _restored(original: NotebookNode, source: str) -> NotebookNode:
    cell = copy.deepcopy(original)
    cell.source = source
    cell.metadata = NotebookNode(nbgrader=cell.metadata.nbgrader)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def _notes(
    known: dict[str, NotebookNode],
    stubs: dict[str, NotebookNode],
    submitted: NotebookNode,
    found: Match,
) -> list[str]:
    """What had to be repaired, in sentences that accuse nobody of what an editor may have done."""
    notes = []
    for name in dict.fromkeys(found.twice):
        counts = "the one that was changed" if name in found.recognized else "the first one"
        notes.append(f"the cell `{name}` stood there twice; {counts} counts")
    marked = [name for name in found.places if name not in found.recognized]
    marked = [n for n in marked if n not in found.answered_in.values()]
    if sorted(marked, key=lambda name: found.places[name]) != [n for n in known if n in marked]:
        notes.append("cells had been moved; they are back in their order")
    if lost := [n for n in known if n in found.recognized and n not in found.twice]:
        count = "1 cell was" if len(lost) == 1 else f"{len(lost)} cells were"
        some = ", ".join(f"`{name}`" for name in lost[:3]) + (", ..." if len(lost) > 3 else "")
        notes.append(
            f"{count} recognized by the text instead of nbgrader's metadata: {some};"
            " this costs nothing"
        )
    for name, original in known.items():
        if name in found.answered_in:
            notes.append(f"`{name}` is answered in the cell `{found.answered_in[name]}`")
        elif name not in found.places:
            kind = "test" if cells.has_points(original) else "set-up"
            kind = "answer" if cells.is_answer(original) else kind
            notes.append(f"the {kind} cell `{name}` had been deleted; it was put back")
        elif not cells.is_answer(original):
            text = submitted.cells[found.places[name]].source
            if cells.text(text) != cells.text(stubs[name].source):
                notes.append(f"the locked cell `{name}` had been edited; the original counts")
    return notes


def _foreign(cell: NotebookNode, authors: set[str]) -> NotebookNode:
    """A cell without its metadata; noted is whether it is the author's and stands unchanged."""
    clean = copy.deepcopy(cell)
    clean.metadata = NotebookNode()
    if clean.cell_type == "code" and cells.text(clean.source) in authors:
        clean.metadata.autograder = {"given": True}
    return clean
