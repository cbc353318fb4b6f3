"""Which release a submission was made from: it is graded by the tests of that one.

Whenever an assignment is graded, today's release is kept in the class's `releases/ASSIGNMENT/ID/`;
`autograder keep ASSIGNMENT --revision REVISION` adds one that was handed out before. A release is
its identified cells: their code, ids and points. Mended hidden tests and prose make no other
release, so they hold for every submission.

A submission's release is the kept one whose cells it has, and today's where that is not decided. No
mark is needed that a student could forge or an editor could lose, and a student can only claim what
the class was given. The gradebook has one set of exercises for an assignment, today's, so the
points that can be had are the same for all. An exercise that a submission's own release lacks, or
gives other points for, is left to manual grading; one that only its own release has does not count.
Both are said in the notes. Stock nbgrader knows today's release only.
"""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import cells
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.submission.private_tests import add_tests, private_tests


@dataclass(frozen=True)
class Release:
    """What students were given once, and what grades it.

    Attributes:
        id: A hash of its identified cells.
        instructor: The solution notebook with all hidden tests, private ones included.
        released: What students were given.
    """

    id: str
    instructor: NotebookNode
    released: NotebookNode


def today(classroom: Classroom, ref: NotebookRef) -> Release:
    """The release that the course's folder holds.

    Raises:
        GradingError: There is no such assignment, or a private test is none.
    """
    instructor = _read(classroom.instructor_notebook(ref))
    add_tests(instructor, private_tests(classroom, ref, instructor))
    released = _read(classroom.release_notebook(ref))
    return Release(_id(released), instructor, released)


def all_releases(classroom: Classroom, ref: NotebookRef) -> list[Release]:
    """Today's release, then what was kept, the newest first.

    Raises:
        GradingError: There is no such assignment, or a private test is none.
    """
    now = today(classroom, ref)
    tests = private_tests(classroom, ref, now.instructor)
    folders = _folder(classroom, ref).glob("*/")
    found = [now]
    for folder in sorted(folders, key=lambda f: f.stat().st_mtime_ns, reverse=True):
        if folder.name != now.id:
            instructor = add_tests(_read(folder / "solution.ipynb"), tests)
            found.append(Release(folder.name, instructor, _read(folder / "release.ipynb")))
    return found


def keep_today(classroom: Classroom, ref: NotebookRef) -> None:
    """Keep today's release; one of the same id, whose hidden tests were others, is replaced."""
    solution = classroom.instructor_notebook(ref).read_bytes()
    _keep(classroom, ref, solution, classroom.release_notebook(ref).read_bytes())


def keep_revision(classroom: Classroom, ref: NotebookRef, revision: str) -> str:
    """Keep the release that stood in the course's folder at a Git revision; its id is returned.

    Raises:
        GradingError: Git has no such revision, or the assignment was not in it.
    """
    contents = []
    for place in ("solutions", "notebooks"):
        file = f"{revision}:./{place}/{ref.assignment}/{ref.file}"
        command = ["git", "show", "--end-of-options", file]
        try:
            shown = subprocess.run(command, cwd=classroom.root, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", b"").decode(errors="replace").strip() or error
            raise GradingError(f"Git does not give {file}: {reason}") from error
        contents.append(shown.stdout)
    return _keep(classroom, ref, *contents)


def made_from(submission: NotebookNode, releases: list[Release]) -> Release:
    """The release whose identified cells a submission has; the first one of equals."""
    handed_in = cells.by_id(submission.cells)

    def likeness(release: Release) -> int:
        alike = 0
        for name, cell in cells.by_id(release.released.cells).items():
            found = handed_in.get(name)
            changed = found and cells.is_locked(cell) and found.source != cell.source
            alike += -1 if found is None or changed else 1
        return alike

    return max(releases, key=likeness)


def fit(notebook: NotebookNode, release: Release, now: Release) -> tuple[list[str], list[str]]:
    """Make an executed notebook of an earlier release one that today's gradebook can take.

    Args:
        notebook: Is changed: cells that today's release lacks lose their ids, and for exercises
            that it has more of there is a cell in which points can be given.
        release: The submission's own.
        now: Today's.

    Returns:
        Notes, and the ids of the exercises that are left to manual grading.
    """
    current, own = cells.by_id(now.released.cells), cells.by_id(release.released.cells)
    notes = [f"it was made from the earlier release {release.id} and graded by that one's tests"]
    by_hand = []
    for name, cell in cells.by_id(notebook.cells).items():
        details = cell.metadata.nbgrader
        details.checksum = own[name].metadata.nbgrader.get("checksum")
        if name not in current:
            if cells.has_points(cell):
                notes.append(f"its exercise `{name}` is not among today's and does not count")
            del cell.metadata["nbgrader"]
        elif cells.has_points(cell) and details.points != cells.points(current[name]):
            worth = f"{details.points:g} points then and {cells.points(current[name]):g} today"
            notes.append(f"`{name}` was worth {worth}: its points are given by hand")
            details.points = cells.points(current[name])
            by_hand.append(name)
    for name, cell in current.items():
        if name not in own and cells.has_points(cell):
            text = "The release of this notebook lacks the exercise: its points are given by hand."
            missing = nbformat.v4.new_code_cell(f"# {text}", id=name, metadata=cell.metadata)
            missing.outputs = [new_output("error", ename="Stopped", evalue=text, traceback=[text])]
            notebook.cells.append(missing)
            by_hand.append(name)
    return notes, by_hand


def _keep(classroom: Classroom, ref: NotebookRef, solution: bytes, released: bytes) -> str:
    name = _id(nbformat.reads(released.decode(), as_version=4))
    folder = _folder(classroom, ref) / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in (("solution.ipynb", solution), ("release.ipynb", released)):
        waiting = folder / f"{file}.part"
        waiting.write_bytes(content)
        waiting.replace(folder / file)
    return name


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
