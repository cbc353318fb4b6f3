"""Rebuilds a submission against the instructor's copy.

What an instructor locked comes from the instructor; what a student may write comes from the
student. Deleted, duplicated, moved and edited cells are repaired and noted, and no metadata of the
student's survives.
"""

import copy

import nbformat
from nbformat import NotebookNode

from autograder import cells


def sanitize(
    submitted: NotebookNode, instructor: NotebookNode, release: NotebookNode
) -> tuple[NotebookNode, list[str]]:
    """The notebook to execute, and notes on what had to be repaired.

    Args:
        submitted: The student's cells, as `intake.read_submission` gives them.
        instructor: The solution notebook with its hidden tests.
        release: What the student was given; a deleted answer is replaced by its stub.

    Cells that the instructor's notebook identifies stand in the instructor's order; every other
    cell stays behind the identified cell that it follows.
    """
    known, stubs = cells.by_id(instructor.cells), cells.by_id(release.cells)
    given = {c.source for c in release.cells if c.cell_type == "code" and not cells.grade_id(c)}
    notes: list[str] = []
    found: dict[str, NotebookNode] = {}
    followers: dict[str, list[NotebookNode]] = {"": []}
    order: list[str] = []
    anchor = ""
    for cell in submitted.cells:
        name = cells.grade_id(cell)
        if name in known and name not in found:
            anchor = name
            found[name] = cell
            order.append(name)
            followers[name] = []
            continue
        if name in known:
            notes.append(f"the cell `{name}` stood there twice; the first one counts")
            if not cells.is_answer(known[name]):
                continue
        followers[anchor].append(_foreign(cell, given))
    if order != [name for name in known if name in found]:
        notes.append("cells had been moved; they are back in their order")
    rebuilt = followers[""]
    for name, original in known.items():
        rebuilt.append(_restored(name, original, stubs, found, notes))
        rebuilt.extend(followers.get(name, []))
    clean = nbformat.v4.new_notebook(cells=rebuilt, metadata=copy.deepcopy(instructor.metadata))
    for number, cell in enumerate(clean.cells):
        cell.id = cells.grade_id(cell) or f"cell-{number}"
    return clean, notes


def _restored(
    name: str,
    original: NotebookNode,
    stubs: dict[str, NotebookNode],
    found: dict[str, NotebookNode],
    notes: list[str],
) -> NotebookNode:
    cell = copy.deepcopy(original)
    cell.metadata = NotebookNode(nbgrader=cell.metadata.nbgrader)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    if name not in found:
        kind = "test" if cells.has_points(original) else "set-up"
        kind = "answer" if cells.is_answer(original) else kind
        notes.append(f"the {kind} cell `{name}` had been deleted; it was put back")
    if cells.is_answer(original):
        cell.source = found.get(name, stubs[name]).source
    elif name in found and found[name].source != stubs[name].source:
        notes.append(f"the locked cell `{name}` had been edited; the original counts")
    return cell


def _foreign(cell: NotebookNode, given: set[str]) -> NotebookNode:
    """A cell without its metadata; noted is whether it is the author's and stands unchanged."""
    clean = copy.deepcopy(cell)
    clean.metadata = NotebookNode()
    if clean.cell_type == "code" and clean.source in given:
        clean.metadata.autograder = {"given": True}
    return clean
