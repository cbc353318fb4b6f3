"""Finds the releases of an assignment, and the one that a submission was made from.

A release is its identified cells: their code, ids and points. Fixed hidden tests and prose do not
make another release, so they hold for every submission. `gradebook/editions.py` says which release
is the class's own. Grading keeps it in the class's `releases/ASSIGNMENT/ID/`, and `autograder keep
ASSIGNMENT --revision REVISION` adds one that was handed out, too.

The tests of the release that a submission was made from grade it: the one whose cells it has, and
the class's own if that is undecided. No mark is needed that a student could forge or an editor
could lose, and a student can only claim what the class was given. The gradebook has one set of
exercises, those of the class's own release, so everyone can earn the same points. An exercise that
another release lacks, or gives other points for, is left to manual grading; one that only the other
release has does not count. The notes say both.
"""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import cells
from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.submission.matching import match
from autograder.grading.submission.private_tests import add_tests, private_tests

# By grade id: the points of a cell, if it has any, and its text as students see it.
Cells = dict[str, tuple[float | None, str]]


@dataclass(frozen=True)
class Release:
    """What students were given once, and what grades it.

    Attributes:
        id: A hash of its identified cells.
        instructor: The solution notebook with all hidden tests, private ones included.
        released: What students were given.
        files: Where both lie, without private tests.
        kept: When the class's copy was written; None if there is none.
    """

    id: str
    instructor: NotebookNode
    released: NotebookNode
    files: tuple[Path, Path]
    kept: datetime | None


def today(classroom: Classroom, ref: NotebookRef) -> Release:
    """The release that the course's folder holds.

    Raises:
        GradingError: There is no such assignment, or a private test is malformed.
    """
    files = classroom.instructor_notebook(ref), classroom.release_notebook(ref)
    instructor, released = map(_read, files)
    add_tests(instructor, private_tests(classroom, ref, instructor))
    name = _id(released)
    return Release(name, instructor, released, files, _kept(_folder(classroom, ref) / name))


def all_releases(classroom: Classroom, ref: NotebookRef) -> list[Release]:
    """Today's release, then what was kept, the newest first.

    Raises:
        GradingError: There is no such assignment, or a private test is malformed.
    """
    now = today(classroom, ref)
    tests = private_tests(classroom, ref, now.instructor)
    found = [now]
    folders = _folder(classroom, ref).glob("*/")
    for folder in sorted(folders, key=lambda one: one.stat().st_mtime, reverse=True):
        if folder.name != now.id:
            files = folder / "solution.ipynb", folder / "release.ipynb"
            instructor, released = map(_read, files)
            add_tests(instructor, tests)
            found.append(Release(folder.name, instructor, released, files, _kept(folder)))
    return found


def solution_files(classroom: Classroom, ref: NotebookRef) -> list[Path]:
    """The solution notebooks of today's release and of those that were kept."""
    kept = sorted(_folder(classroom, ref).glob("*/solution.ipynb"))
    return [classroom.instructor_notebook(ref), *kept]


def keep(classroom: Classroom, ref: NotebookRef, release: Release) -> None:
    """Keep a release; the copy of the same id, whose hidden tests were others, is replaced."""
    _keep(classroom, ref, *(file.read_bytes() for file in release.files))


def keep_revision(classroom: Classroom, ref: NotebookRef, revision: str) -> str:
    """Keep the release that the course's folder held at a Git revision; its id is returned.

    Raises:
        GradingError: Git has no such revision, or the assignment was not in it.
    """
    classroom.instructor_notebook(ref)
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if _git(classroom, *verify) is None:
        raise GradingError(f"There is no revision {revision} in {classroom.root}: see `git tag`.")
    contents = []
    for place in ("solutions", "notebooks"):
        file = f"{place}/{ref.assignment}/{ref.file}"
        content = _git(classroom, "show", "--end-of-options", f"{revision}:./{file}")
        if content is None:
            raise GradingError(f"The revision {revision} has no {file}.")
        contents.append(content)
    return _keep(classroom, ref, *contents)


def _git(classroom: Classroom, *command: str) -> bytes | None:
    """What Git prints in the course's folder; None if it refuses."""
    try:
        done = subprocess.run(["git", *command], cwd=classroom.root, capture_output=True)
    except OSError as error:
        raise GradingError(f"Git does not run: {error.strerror or error}.") from error
    return done.stdout if done.returncode == 0 else None


def made_from(submission: NotebookNode, releases: list[Release]) -> Release:
    """The release whose identified cells a submission has; the first one of equals."""

    def likeness(release: Release) -> int:
        alike, places = 0, match(submission.cells, release.released).places
        for name, cell in cells.by_id(release.released.cells).items():
            text = cells.text(submission.cells[places[name]].source) if name in places else None
            changed = cells.is_locked(cell) and text != cells.text(cell.source)
            alike += -1 if text is None or changed else 1
        return alike

    return max(releases, key=likeness)


def with_cells(recorded: Cells, releases: list[Release]) -> Release | None:
    """The release to which cells belong; None if no release has these ids and points.

    Of several, it is the one with the most equal texts; the first one of equals.
    """

    def of(release: Release) -> Cells:
        known = cells.by_id(release.released.cells).items()
        return {n: (cells.points(c) if cells.has_points(c) else None, c.source) for n, c in known}

    def worth(known: Cells) -> dict[str, float | None]:
        return {name: most for name, (most, _) in known.items()}

    fitting = [release for release in releases if worth(of(release)) == worth(recorded)]
    return max(fitting, key=lambda r: len(of(r).items() & recorded.items()), default=None)


def fit(notebook: NotebookNode, release: Release, own: Release) -> tuple[list[str], list[str]]:
    """Make an executed notebook of another release one that the class's gradebook can take.

    Args:
        notebook: Is changed: cells that the class's release lacks lose their ids, and for exercises
            that it has more of there is a cell in which points can be given.
        release: The one that the submission was made from.
        own: The class's own.

    Returns:
        Notes, and the ids of the exercises that are left to manual grading.
    """
    counted, known = cells.by_id(own.released.cells), cells.by_id(release.released.cells)
    notes = [f"it was made from another release, {release.id}, and graded by that one's tests"]
    by_hand = []
    for name, cell in cells.by_id(notebook.cells).items():
        details = cell.metadata.nbgrader
        details.checksum = known[name].metadata.nbgrader.get("checksum")
        if name not in counted:
            if cells.has_points(cell):
                notes.append(f"its exercise `{name}` is not one of the class's and does not count")
            del cell.metadata["nbgrader"]
        elif cells.has_points(cell) and details.points != cells.points(counted[name]):
            worth = f"{details.points:g} points there and {cells.points(counted[name]):g} here"
            notes.append(f"`{name}` is worth {worth}: its points are given by hand")
            details.points = cells.points(counted[name])
            by_hand.append(name)
    for name, cell in counted.items():
        if name not in known and cells.has_points(cell):
            text = "The release of this notebook lacks the exercise: its points are given by hand."
            missing = nbformat.v4.new_code_cell(f"# {text}", id=name, metadata=cell.metadata)
            missing.outputs = [new_output("error", ename="Stopped", evalue=text, traceback=[text])]
            notebook.cells.append(missing)
            by_hand.append(name)
    return notes, by_hand


def _keep(classroom: Classroom, ref: NotebookRef, solution: bytes, released: bytes) -> str:
    name = _id(nbformat.reads(released.decode(), as_version=4))
    folder = _folder(classroom, ref) / name
    for file, content in (("solution.ipynb", solution), ("release.ipynb", released)):
        if not (folder / file).exists() or (folder / file).read_bytes() != content:
            write_whole(folder / file, content)  # else its date stays
    return name


def _kept(folder: Path) -> datetime | None:
    return datetime.fromtimestamp(folder.stat().st_mtime) if folder.exists() else None


def _folder(classroom: Classroom, ref: NotebookRef) -> Path:
    return classroom.folder / "releases" / ref.assignment


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _id(released: NotebookNode) -> str:
    parts = [
        [name, cells.points(cell), cells.is_locked(cell), cell.source]
        for name, cell in cells.by_id(released.cells).items()
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
