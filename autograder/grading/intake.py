"""Reads what a student handed in, or says in a sentence why it cannot be read."""

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

LARGEST = 50 * 2**20  # bytes


class Unreadable(Exception):
    """A submission that cannot be graded; the message is for the student and the instructor."""


def read_submission(path: Path) -> NotebookNode:
    """The submitted notebook, in the current format.

    Raises:
        Unreadable: It is missing, too large, or not a notebook.
    """
    name = path.name
    if path.is_symlink() or path.parent.is_symlink():
        raise Unreadable(f"{name} is a link to another place; hand in the file itself.")
    if not path.exists():
        others = sorted(p.name for p in path.parent.glob("*") if p.name != "timestamp.txt")
        found = f"There is {', '.join(others[:3])}." if others else "The folder is empty."
        raise Unreadable(f"{name} is missing: the file's name must be exactly that. {found}")
    if not path.is_file():
        raise Unreadable(f"{name} is a folder, not a notebook file.")
    if path.stat().st_size > LARGEST:
        size = path.stat().st_size // 2**20
        raise Unreadable(f"{name} has {size} MB; clear its outputs (at most {LARGEST >> 20} MB).")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name} is not a notebook: it is not JSON text.") from error
    try:
        notebook = nbformat.from_dict(content)
        notebook = nbformat.convert(notebook, 4)
        cells = [_clean_cell(cell) for cell in notebook.cells]
    except Exception as error:  # whatever a malformed structure makes of nbformat
        raise Unreadable(f"{name} is JSON text, but not a Jupyter notebook.") from error
    return nbformat.v4.new_notebook(cells=cells)


def _clean_cell(cell: NotebookNode) -> NotebookNode:
    """A cell's type, text and nbgrader id; everything else that a student may have set is left."""
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }[cell.cell_type]
    data = cell.metadata.get("nbgrader")
    grade_id = data.get("grade_id") if isinstance(data, dict) else None
    clean = make(source)
    if isinstance(grade_id, str) and grade_id:
        clean.metadata.nbgrader = {"grade_id": grade_id}
    return clean
