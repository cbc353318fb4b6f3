"""What decides a submission's verdict, as a hash: what has the same one is not graded again.

It covers the code of the assignment's cells, the modules of `autograder/lab` that this code
imports, directly or through others, and the examiner. Prose, outputs and the modules of other
assignments decide nothing.
"""

import ast
import hashlib
import json
import os
from collections.abc import Iterable
from modulefinder import ModuleFinder
from pathlib import Path

from nbformat import NotebookNode

from autograder import cells
from autograder.examiner.job import Limits
from autograder.grading.submission.intake import LARGEST
from autograder.grading.submission.releases import Release

ENGINE = "4"  # part of every version: raise it when grading itself changes

_PACKAGE = Path(__file__).parents[2]


def version_of(release: Release, limits: Limits, full: bool) -> str:
    """A hash of everything but the submission and its seed that decides a verdict."""
    given = [[cells.grade_id(c), c.source] for c in release.released.cells if c.cell_type == "code"]
    code = [c.source for n in (release.instructor, release.released) for c in n.cells
            if c.cell_type == "code"]  # fmt: skip
    files = [*_imported(code), *_PACKAGE.glob("examiner/*.py"), _PACKAGE / "cells.py"]
    files += [*_PACKAGE.glob("lab/_data/*.sha256"), *_PACKAGE.parent.glob("data/*.sha256")]
    parts = [ENGINE, str(limits), full, given, [_decisive(c) for c in release.instructor.cells]]
    digest = hashlib.sha256(json.dumps(parts).encode())
    for path in sorted(set(files)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def submission_key(folder: Path, notebook: str, version: str, seed: int) -> str:
    """A hash of a submission and all that decides its verdict.

    Its notebook and its time count as they are; of what lies beside them the names and sizes.
    """
    digest = hashlib.sha256(f"{version} {seed}".encode())
    for path in sorted(folder.rglob("*")):
        digest.update(os.fsencode(path.relative_to(folder)))
        try:
            if path.is_symlink() or not path.is_file():
                continue
            size = path.stat().st_size
            digest.update(str(size).encode())
            if path.name in (notebook, "timestamp.txt") and size <= LARGEST:
                digest.update(path.read_bytes())
        except OSError as error:  # it came, went or is locked meanwhile
            digest.update(type(error).__name__.encode())
    return digest.hexdigest()


def _decisive(cell: NotebookNode) -> list:
    """What of a cell of the instructor's counts: an answer's own text, for example, does not."""
    name, role = cells.grade_id(cell), cells.role(cell)
    if not name:
        return []
    answer, most = cells.is_answer(cell), cells.points(cell) if cells.has_points(cell) else None
    return [name, role, answer, most, "" if role in ("prose", "solution") else cell.source]


def _imported(code: Iterable[str]) -> list[Path]:
    """The files of the course's package that code imports, directly or through others."""
    finder = ModuleFinder([str(_PACKAGE.parent)])
    notebook = finder.add_module("__main__")
    for source in code:
        program = compile(cells.tree(source), "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        finder.scan_code(program, notebook)
    return [Path(module.__file__) for module in finder.modules.values() if module.__file__]
