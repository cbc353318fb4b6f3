"""Reads an author's source, solutions/<assignment>.py, as a notebook with a role for each cell.

`build` executes these notebooks, `rules` and `drift` judge them. Reading is deterministic: the same
source gives the same cells, ids and metadata on every machine.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder import files
from autograder.cells import Role, grade_id, is_malformed, role

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_CELL_MARKER = re.compile(r"#\s*%%(%*)(\s|$)")


@dataclass(frozen=True)
class Problem:
    """Something that an author has to fix.

    Attributes:
        file: Where, relative to the course root, with a line number if one is known.
        cell: Which cell, for example "cell 7 (test_insert_zeros)"; empty for a whole file.
        message: What is wrong and how to fix it.
    """

    file: str
    cell: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.cell, self.message) if part)


class AuthoringError(Exception):
    """Problems that stop the work on an assignment."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Cell:
    """One cell of a source.

    Attributes:
        number: Its position in the notebook, from 1.
        line: The line of the source file on which its text begins, from 1.
        kind: Its role; "plain" is a demonstration.
        name: Its grade id, or an empty string.
        node: The notebook cell.
    """

    number: int
    line: int
    kind: Role
    name: str
    node: NotebookNode

    @property
    def text(self) -> str:
        """What stands in the cell."""
        return self.node.source

    @property
    def label(self) -> str:
        """What messages call the cell."""
        return label(self.number, self.node)


@dataclass(frozen=True)
class Source:
    """An assignment's source, read.

    Attributes:
        assignment: The assignment's id.
        file: The source, relative to the course root.
        notebook: The notebook that it gives, without outputs.
        cells: Its cells.
    """

    assignment: str
    file: str
    notebook: NotebookNode
    cells: tuple[Cell, ...]

    def of_kind(self, *kinds: Role) -> Iterator[Cell]:
        """The cells that have one of these roles, in order."""
        return (cell for cell in self.cells if cell.kind in kinds)

    def problem(self, cell: Cell, message: str) -> Problem:
        """A problem with one of the cells."""
        return Problem(f"{self.file}:{cell.line}", cell.label, message)


def course_root() -> Path:
    """The course around the current folder.

    Raises:
        AuthoringError: There is none.
    """
    root = files.course_root()
    if root is None:
        message = "no nbgrader_config.py here or above: go to the course's folder."
        raise AuthoringError(Problem(str(Path.cwd()), "", message))
    return root


def assignments(root: Path) -> list[str]:
    """The ids of all assignments that have a source."""
    return sorted(path.stem for path in root.glob("solutions/*.py"))


def read(root: Path, assignment: str) -> Source:
    """Read solutions/<assignment>.py.

    Raises:
        AuthoringError: There is no such source, or it cannot be read as a notebook.
    """
    file = f"solutions/{assignment}.py"
    path = root / file
    if not path.exists():
        known = ", ".join(assignments(root)) or "none"
        raise AuthoringError(Problem(file, "", f"there is no such source; there are: {known}."))
    text = path.read_text(encoding="utf-8")
    nodes = jupytext.reads(text, fmt="py:percent").cells
    lines = [n for n, line in enumerate(text.splitlines(), 2) if _CELL_MARKER.match(line)]
    if len(lines) != len(nodes):
        raise AuthoringError(Problem(file, "", "text stands before the first `# %%` cell."))
    if not nodes or nodes[0].cell_type != "markdown":
        raise AuthoringError(Problem(file, "", "the first cell must be `# %% [markdown]`."))

    about = f"<!-- Generated from {file} by `autograder build`: edit that file. -->"
    nodes[0].source = f"{about}\n{nodes[0].source}"
    cells: list[Cell] = []
    ids: set[str] = set()
    for number, (line, node) in enumerate(zip(lines, nodes, strict=True), 1):
        if is_malformed(node):
            message = "its nbgrader metadata is not a JSON object."
            raise AuthoringError(Problem(f"{file}:{line - 1}", label(number, node), message))
        name = grade_id(node)
        place = hashlib.sha256(f"{number} {node.cell_type}".encode()).hexdigest()
        for key in ("lines_to_next_cell", "lines_to_end_of_cell_marker"):  # of the text only
            node.metadata.pop(key, None)
        usable = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) and name not in ids
        node.id = name if usable else place[:8]
        ids.add(node.id)
        cells.append(Cell(number, line, role(node), name, node))
    notebook = new_notebook(cells=nodes, metadata=metadata(file))
    return Source(assignment, file, notebook, tuple(cells))


def metadata(file: str) -> dict:
    """A generated notebook's own metadata, the same on every machine."""
    return {
        "autograder": {"generated_from": file},
        "kernelspec": dict(_KERNEL),
        "language_info": {"name": "python"},
    }


def label(number: int, node: NotebookNode) -> str:
    """What messages call a cell: its position, and its grade id or its first line of text."""
    lines = [line for line in node.source.splitlines() if line and not line.startswith("<!--")]
    return f"cell {number} ({grade_id(node) or (lines[0][:50] if lines else 'empty')})"
