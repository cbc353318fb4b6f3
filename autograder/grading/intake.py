"""Reads what a student handed in, or says in a sentence why it cannot be read."""

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

LARGEST = 50 * 2**20  # bytes
_LARGEST_OUTPUT = 2**20  # characters of a cell's saved outputs
_PARTS = {"stream": ("name", "text"), "display_data": ("data",), "execute_result": ("data",)}


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
        cells = [_clean_cell(cell, f"cell-{n}") for n, cell in enumerate(notebook.cells)]
        return nbformat.v4.new_notebook(cells=cells)  # which raises if it is not valid
    except Exception as error:  # whatever a malformed structure makes of nbformat
        raise Unreadable(f"{name} is JSON text, but not a Jupyter notebook.") from error


def _clean_cell(cell: NotebookNode, name: str) -> NotebookNode:
    """A cell's type, text, nbgrader id and saved outputs; everything else is left out."""
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    data = cell.metadata.get("nbgrader")
    grade_id = data.get("grade_id") if isinstance(data, dict) else None
    metadata = NotebookNode()
    if isinstance(grade_id, str) and grade_id:
        metadata.nbgrader = NotebookNode(grade_id=grade_id)
    clean = NotebookNode(cell_type=cell.cell_type, id=name, metadata=metadata, source=source)
    if cell.cell_type == "code":
        clean.update(execution_count=None, outputs=_saved_outputs(cell.get("outputs")))
    return clean


def _saved_outputs(outputs: object) -> list[NotebookNode]:
    """What a cell showed when it was saved; errors are left out, and what is of no known form."""
    kept, size = [], 0
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        parts = {name: output.get(name) for name in _PARTS.get(kind, ())}
        if isinstance(parts.get("data"), dict):
            texts = ((mime, _joined(text)) for mime, text in parts["data"].items())
            parts["data"] = {mime: text for mime, text in texts if isinstance(text, str)}
        if "text" in parts:
            parts["text"] = _joined(parts["text"])
        size += len(json.dumps(parts))
        if not parts or parts.get("data") == {} or size > _LARGEST_OUTPUT:
            continue
        made = nbformat.from_dict({"output_type": kind, **parts})
        if kind != "stream":
            made.metadata = nbformat.from_dict(_alternative_text(output.get("metadata")))
        if kind == "execute_result":
            made.execution_count = None
        if nbformat.validator.isvalid(made, ref="output", version=4):
            kept.append(made)
    return kept


def _alternative_text(metadata: object) -> dict[str, dict[str, str]]:
    """What an output's metadata say of a figure to those who do not see it."""
    figure = metadata.get("image/png") if isinstance(metadata, dict) else None
    text = figure.get("alt") if isinstance(figure, dict) else None
    return {"image/png": {"alt": text[:1000]}} if isinstance(text, str) else {}


def _joined(text: object) -> object:
    """A text that nbformat may store as a list of lines."""
    lines = isinstance(text, list) and all(isinstance(line, str) for line in text)
    return "".join(text) if lines else text
