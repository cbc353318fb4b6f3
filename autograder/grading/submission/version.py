"""The version of a release: a hash of everything but the submission that decides a verdict.

It covers the code of the assignment's cells, the limits, and every module on the way from a
submitted file to a verdict. These modules are found by following imports, from the grader's own
entry points and from the assignment's cells. Prose, outputs, exports, pages, reports and the
modules of other assignments do not count.
"""

import ast
import hashlib
import json
from pathlib import Path

from nbformat import NotebookNode

from autograder import cells, imports
from autograder.examiner.job import Limits
from autograder.grading.submission.releases import Release

_PACKAGE = Path(__file__).parents[2]
# What records a verdict imports all that makes it, but for a program of its own, the zygote.
_ENTRY_POINTS = "import autograder.grading.gradebook.store, autograder.examiner.zygote"


def version_of(release: Release, limits: Limits, full: bool) -> str:
    """The version of a release under these limits, where only needed cells run or all do."""
    code = [
        cells.tree(cell.source)
        for notebook in (release.instructor, release.released)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    files = [*imports.modules(_PACKAGE.parent, [ast.parse(_ENTRY_POINTS), *code])]
    files += [*_PACKAGE.glob("lab/_data/*.sha256"), *_PACKAGE.parent.glob("data/*.sha256")]
    runs = [c for c in release.released.cells if cells.role(c) not in ("prose", "prediction")]
    given = [[cells.grade_id(c), c.source] for c in runs]
    parts = [str(limits), full, given, [_decisive(c) for c in release.instructor.cells]]
    digest = hashlib.sha256(json.dumps(parts).encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _decisive(cell: NotebookNode) -> list:
    """What of a cell of the instructor's counts: an answer's own text, for example, does not."""
    name, role = cells.grade_id(cell), cells.role(cell)
    if not name:
        return []
    answer, most = cells.is_answer(cell), cells.points(cell) if cells.has_points(cell) else None
    return [name, role, answer, most, "" if role in ("prose", "solution") else cell.source]
