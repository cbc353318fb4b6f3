"""Brings each released notebook to my-work/, where students write, and later releases after it.

`prepare` is the entry point. What stands in notebooks/ is only read. `my-work/ASSIGNMENT/` holds
the student's notebook and what the release has beside it; `my-work/.releases/ASSIGNMENT/` holds the
release that it was made from, and `my-work/ASSIGNMENT/earlier/` what a new release replaced.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import cells
from autograder.desk.merge import Unmergeable, is_written, merge
from autograder.files import write_whole

WORK = "my-work"
_SKIPPED = {".ipynb_checkpoints", "__pycache__"}
_JUPYTERLABS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # ids of new cells


def assignments(root: Path) -> list[str]:
    """The ids of the released assignments, in order."""
    found = (path.parent.name for path in root.glob("notebooks/*/*.ipynb"))
    return sorted({name for name in found if released_file(root, name).is_file()})


def released_file(root: Path, assignment: str) -> Path:
    """The notebook that was released."""
    return root / "notebooks" / assignment / f"{assignment}.ipynb"


def own_file(root: Path, assignment: str) -> Path:
    """The student's notebook."""
    return root / WORK / assignment / f"{assignment}.ipynb"


def prepare(root: Path) -> Iterator[str]:
    """Bring all assignments to my-work/; what is new is said in one sentence for each notebook."""
    for name in assignments(root):
        own = own_file(root, name).relative_to(root).as_posix()
        try:
            said = _start(root, name) if not own_file(root, name).exists() else _go_on(root, name)
        except Unmergeable as reason:
            said = f"{own} stays as it is: {reason}."
        except OSError as reason:
            said = f"{own} cannot be written or read: {reason.strerror or reason}."
        if said:
            yield said


@dataclass(frozen=True)
class _Release:
    """What was released, whatever has been written into it since."""

    content: bytes
    notebook: NotebookNode


def _start(root: Path, name: str) -> str:
    """Make the student's file; answers that stand in the released notebook come along."""
    file, own = released_file(root, name), own_file(root, name)
    release = _release(root, name)
    _bring_beside(root, name)
    write_whole(own, file.read_bytes())
    write_whole(_base_file(root, name), release.content)
    if not _holds_answers(_read(file)):
        return ""
    copied, original = own.relative_to(root).as_posix(), file.relative_to(root).as_posix()
    return f"{copied} now holds the answers that you wrote into {original}: go on there."


def _go_on(root: Path, name: str) -> str:
    """Put a new release below the student's answers, if there is one."""
    own, base_file = own_file(root, name), _base_file(root, name)
    release = _release(root, name)
    base = _read(base_file) if base_file.exists() else None
    said = ""
    if base is None or _parts(base) != _parts(release.notebook):
        student = _read(own)
        merged = merge(student, base, release.notebook)
        if [(c.cell_type, c.source, c.metadata) for c in merged.cells] != [
            (c.cell_type, c.source, c.metadata) for c in student.cells
        ]:
            kept = _keep(own).relative_to(root).as_posix()
            write_whole(own, f"{nbformat.writes(merged)}\n".encode())
            said = (
                f"{own.relative_to(root).as_posix()} is now the new release. Your answers and your"
                " own cells are in it; answers that it has no place for stand at its end. Run all"
                f" cells again to see how far you are. The file before is {kept}."
            )
    _bring_beside(root, name)
    if base is None or _parts(base) != _parts(release.notebook):
        write_whole(base_file, release.content)
    return said


def _release(root: Path, name: str) -> _Release:
    """The released notebook. Where answers have been written into it, Git may know it without."""
    content = released_file(root, name).read_bytes()
    try:
        notebook = _parse(content)
    except Unmergeable:
        notebook = None
    if notebook is not None and not _holds_answers(notebook):
        return _Release(content, notebook)
    place = f"HEAD:./notebooks/{name}/{name}.ipynb"
    try:
        command = ["git", "show", place]
        shown = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
        return _Release(shown, _parse(shown))
    except (OSError, subprocess.CalledProcessError, Unmergeable):
        if notebook is None:
            raise Unmergeable(f"notebooks/{name}/{name}.ipynb cannot be read") from None
    notebook.cells = [c for c in notebook.cells if cells.grade_id(c) or not _is_new(c)]
    return _Release(nbformat.writes(notebook).encode(), notebook)


def _is_new(cell: NotebookNode) -> bool:
    """Return True if JupyterLab made the cell."""
    return bool(_JUPYTERLABS.fullmatch(cell.get("id", "")))


def _holds_answers(notebook: NotebookNode) -> bool:
    return any(cells.is_answer(cell) and is_written(cell) for cell in notebook.cells)


def _parts(notebook: NotebookNode) -> list:
    """What makes a release another one; what was written into its answers does not, nor a guess."""
    return [[c.cell_type, c.metadata.get("nbgrader"), _given(c)] for c in notebook.cells]


def _given(cell: NotebookNode) -> str | list[dict]:
    """What a cell says that no student is asked to change."""
    if cells.is_answer(cell):
        return ""
    return [asked | {"guess": None} for asked in cells.predictions(cell)] or cell.source


def _bring_beside(root: Path, name: str) -> None:
    """Bring what lies beside the released notebook, where it is new in the release."""
    folder, base_folder = released_file(root, name).parent, _base_file(root, name).parent
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        inside = path.relative_to(folder)
        if path.name == f"{name}.ipynb" or _SKIPPED & {*inside.parts}:
            continue
        content, own, base = path.read_bytes(), root / WORK / name / inside, base_folder / inside
        if not base.exists() or base.read_bytes() != content:
            if own.exists() and own.read_bytes() != content:
                _keep(own)
            write_whole(own, content)
            write_whole(base, content)


def _base_file(root: Path, name: str) -> Path:
    return root / WORK / ".releases" / name / f"{name}.ipynb"


def _keep(path: Path) -> Path:
    """Copy a file to earlier/, with the date at which it was changed in its name."""
    changed = datetime.fromtimestamp(path.stat().st_mtime)
    stem = f"{path.stem} {changed:%Y-%m-%d %H.%M.%S}"
    kept = path.parent / "earlier" / f"{stem}{path.suffix}"
    content, more = path.read_bytes(), 1
    while kept.exists() and kept.read_bytes() != content:
        more += 1
        kept = kept.with_name(f"{stem} {more}{path.suffix}")
    write_whole(kept, content)
    return kept


def _read(path: Path) -> NotebookNode:
    return _parse(path.read_bytes())


def _parse(content: bytes) -> NotebookNode:
    """A notebook.

    Raises:
        Unmergeable: It is not one.
    """
    try:
        notebook = nbformat.reads(content.decode(), as_version=4)
        nbformat.validate(notebook)
    except Exception as reason:
        raise Unmergeable("it cannot be read as a notebook") from reason
    return notebook
