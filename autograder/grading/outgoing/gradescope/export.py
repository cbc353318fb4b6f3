"""Writes results as Gradescope shows them, and an autograder that grades there.

The autograder is an archive of this package, the assignment, `setup.sh` and `run_autograder`;
`container` is what runs there. The instructor's guide says where to upload it.
"""

import json
import re
from pathlib import Path

import nbformat

from autograder import cells
from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.editions import edition
from autograder.grading.outgoing.grades import Exported, Grades, needed_grades, number, write_zip
from autograder.grading.run.preflights import fly
from autograder.grading.submission.execution import finding_of
from autograder.grading.submission.preflight import file_of
from autograder.grading.submission.seeds import seed_of

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_HERE = Path(__file__).parent
_PACKAGE = _HERE.parents[2]


def export_gradescope(classroom: Classroom, assignments: list[str], visibility: str) -> Exported:
    """Write the autograder of each assignment, and the results of what is graded.

    Args:
        classroom: The class.
        assignments: Which.
        visibility: When students see each exercise's result: one of `VISIBILITIES`.

    Raises:
        GradingError: There is no such assignment, its reference solution does not earn its points,
            or this is not a checkout of the course.
    """
    files, notes = [], []
    for assignment in assignments:
        name = f"gradescope/{assignment}-autograder.zip"
        files.append(write_zip(classroom, name, _autograder(classroom, assignment, visibility)))
        try:
            found = needed_grades(classroom, assignment)
        except GradingError as reason:
            notes.append(str(reason))
            continue
        folder = classroom.folder / "reports" / "gradescope" / assignment
        for one in found:
            content = json.dumps(results(classroom, assignment, one, visibility), indent=1)
            write_whole(folder / f"{one.student}.json", content.encode())
        files.append(folder)
    return Exported(tuple(files), tuple(notes))


def results(classroom: Classroom, assignment: str, grades: Grades, visibility: str) -> dict:
    """A submission's `results.json` (gradescope-autograders.readthedocs.io, Specifications).

    What could not be graded or was repaired is said at the top, where it always shows; each
    exercise is a test case with the message of its finding.
    """
    path = classroom.autograded(grades.student, NotebookRef(assignment))
    notebook = nbformat.read(path, as_version=4)
    stamp = notebook.metadata.get("autograder", {})
    notes = list(stamp.get("notes", []))
    if not stamp.get("graded", True):
        notes[:1] = [f"It could not be graded. {notes[0]}"]
    if grades.late_penalty:
        notes.append(f"Handed in late: {number(grades.late_penalty)} points are taken off.")
    graded = [cell for cell in notebook.cells if cells.role(cell) == "grade"]
    found = {cells.exercise(cell): finding_of(cell) for cell in graded}
    messages = {name: _ANSI.sub("", finding.text()) for name, finding in found.items() if finding}
    return {
        "score": grades.score,
        "output": "\n".join(notes),
        "output_format": "text",
        "tests": [
            {
                "name": exercise.name,
                "score": exercise.score,
                "max_score": exercise.max_score,
                "status": "passed" if exercise.score >= exercise.max_score else "failed",
                "output": messages.get(exercise.name, ""),
                "output_format": "text",
                "visibility": visibility,
            }
            for exercise in grades.exercises
        ],
    }


def _autograder(classroom: Classroom, assignment: str, visibility: str) -> list[tuple[str, bytes]]:
    """The files of the autograder."""
    top = _PACKAGE.parent
    if not (top / "pyproject.toml").is_file():
        raise GradingError("The autograder for Gradescope is made in a checkout of the course.")
    seed = seed_of(classroom, assignment, "gradescope")
    options = f"{assignment} --seed {seed} --visibility {visibility}"
    run = (_HERE / "run_autograder").read_text(encoding="utf-8")
    files = {
        "setup.sh": (_HERE / "setup.sh").read_bytes(),
        "run_autograder": run.replace("@OPTIONS@", options).encode(),
        "course/nbgrader_config.py": (classroom.root / "nbgrader_config.py").read_bytes(),
    }
    for path in sorted(top.glob("requirements/*.txt")):
        files[f"requirements/{path.name}"] = path.read_bytes()
    ref = NotebookRef(assignment)
    own = edition(classroom, ref)
    places = classroom.instructor_notebook(ref), classroom.release_notebook(ref)
    for path, file in zip(places, own.files, strict=True):
        files[f"course/{path.relative_to(classroom.root).as_posix()}"] = file.read_bytes()
    fly(classroom, ref, own).require(assignment)
    known = file_of(classroom, ref, own)
    files[f"course/classroom/{known.relative_to(classroom.folder)}"] = known.read_bytes()
    files["course/private-tests/.folder"] = b""  # stands for c.Examiner.tests over there
    if classroom.tests:
        for path in sorted((classroom.tests / assignment).glob("*.py")):
            files[f"course/private-tests/{assignment}/{path.name}"] = path.read_bytes()
    code = [p for p in sorted(_PACKAGE.rglob("*")) if p.suffix in (".py", ".toml", ".html")]
    package = [top / "pyproject.toml", top / "README.md", *code]
    for path in [*package, *sorted((top / "data").glob("*"))]:
        if path.is_file():
            files[f"package/{path.relative_to(top).as_posix()}"] = path.read_bytes()
    return list(files.items())
