"""Says whether notebooks/ holds the releases that the course's sources give.

`require_current` is called before anyone is graded. It makes the release with nbgrader's own steps,
in memory, and remembers that one was right in the class's `preflight/ASSIGNMENT.current`.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import nbformat
import nbgrader
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets.utils.importstring import import_item

from autograder import stale
from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for


def require_current(classroom: Classroom, assignments: Iterable[str]) -> None:
    """Go on only with releases that are what their sources give.

    Raises:
        GradingError: There is no such assignment, or one release is another; says what to do.
    """
    for assignment in assignments:
        ref = NotebookRef(assignment)
        source, released = _source(classroom, ref), classroom.release_notebook(ref)
        config = classroom.root / "nbgrader_config.py"
        key = _key(source, released, config) if released.is_file() else b""
        known = classroom.folder / "preflight" / f"{assignment}.current"
        if key and known.is_file() and known.read_bytes() == key:
            continue
        if refusal := outdated(classroom, assignment):
            raise GradingError(refusal)
        write_whole(known, key)


def outdated(classroom: Classroom, assignment: str) -> str:
    """Why a release is not what its source gives, and what to do; empty if it is. Writes nothing.

    Raises:
        GradingError: There is no such assignment.
    """
    ref = NotebookRef(assignment)
    source, released = _source(classroom, ref), classroom.release_notebook(ref)
    if not released.is_file():
        return stale.refusal(assignment, "it is missing")
    try:
        cells = nbformat.read(released, as_version=4).cells
    except Exception:
        return stale.refusal(assignment, "it cannot be read")
    what = stale.difference(cells, _expected(classroom, ref, source).cells)
    return stale.refusal(assignment, what) if what else ""


def _source(classroom: Classroom, ref: NotebookRef) -> Path:
    """What an author edits: Jupytext, or else the solution notebook."""
    solution = classroom.instructor_notebook(ref)
    text = solution.parents[1] / f"{ref.assignment}.py"
    return text if text.is_file() else solution


def _key(*files: Path) -> bytes:
    """A hash of all that decides the answer."""
    digest = hashlib.sha256(nbgrader.__version__.encode())
    for file in (
        *files,
        Path(__file__),
        Path(__file__).with_name("steps.py"),
        Path(stale.__file__),
    ):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest().encode()


def _expected(classroom: Classroom, ref: NotebookRef, source: Path) -> NotebookNode:
    """The release of a source, without the files beside it."""
    if source.suffix == ".py":
        import jupytext  # the grader's copies of a course, on Gradescope for example, do without

        notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    else:
        notebook = nbformat.read(source, as_version=4)
    config = config_for(classroom, ref.assignment)
    config.Examiner.pop("tests", None)  # an instructor's own tests are not part of the course
    config.SaveCells.enabled = False
    resources = ResourcesDict(nbgrader={})
    for step in config.GenerateAssignment.preprocessors:
        kind = import_item(step) if isinstance(step, str) else step
        notebook, resources = kind(config=config)(notebook, resources)
    return notebook
