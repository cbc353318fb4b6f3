"""Reads the grades of a class from the gradebook, and writes them as one CSV file.

`canvas`, `moodle` and `gradescope` write them for those systems.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.cells import exercise
from autograder.files import write_whole, zipped
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.store import net
from autograder.grading.incoming.roster import PLAIN, Form


@dataclass(frozen=True)
class Exercise:
    """Points of one exercise."""

    name: str
    score: float
    max_score: float


@dataclass(frozen=True)
class Grades:
    """What one student got for one assignment.

    Attributes:
        student: The student id.
        score: Points, late penalty taken off.
        max_score: Points that could be had.
        late_penalty: What was taken off.
        submitted: The gradebook's time of the submission; empty if it has none.
        exercises: The points of each exercise, before the penalty.
    """

    student: str
    score: float
    max_score: float
    late_penalty: float
    submitted: object
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Exported:
    """The files that an export wrote, and what an instructor must know about them."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def grades(classroom: Classroom, assignment: str) -> list[Grades]:
    """Everyone's grades for an assignment, by student id."""
    found = []
    with open_gradebook(classroom) as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            cells = [grade for notebook in submission.notebooks for grade in notebook.grades]
            exercises = [Exercise(exercise(g.name), g.score, g.max_score) for g in cells]
            found.append(
                Grades(
                    submission.student.id,
                    net(submission.score, submission),
                    submission.max_score,
                    submission.late_submission_penalty,
                    submission.timestamp or "",
                    tuple(exercises),
                )
            )
    return sorted(found, key=lambda one: one.student)


def graded_assignments(classroom: Classroom) -> list[str]:
    """The assignments for which anyone has grades.

    Raises:
        GradingError: There are none.
    """
    found = [name for name in classroom.assignments() if grades(classroom, name)]
    if not found:
        raise GradingError("Nobody has grades for anything: autograder grade")
    return found


def needed_grades(classroom: Classroom, assignment: str) -> list[Grades]:
    """Everyone's grades for an assignment.

    Raises:
        GradingError: There are none.
    """
    classroom.instructor_notebook(NotebookRef(assignment))
    found = grades(classroom, assignment)
    if not found:
        raise GradingError(f"Nobody has grades for {assignment}: autograder grade {assignment}")
    return found


def export_csv(classroom: Classroom, assignments: list[str]) -> Path:
    """Write reports/grades.csv: one row for each student and assignment, then each exercise.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    columns = ["student", "assignment", "score", "max_score", "late_penalty", "submitted"]
    rows = []
    for assignment in sorted(assignments):
        for one in grades(classroom, assignment):
            row = {**vars(one), "assignment": assignment}
            row |= {exercise.name: exercise.score for exercise in row.pop("exercises")}
            columns += [name for name in row if name not in columns]
            rows.append([row.get(name, "") for name in columns])
    return write_csv(classroom, "grades.csv", [columns, *rows])


def write_csv(
    classroom: Classroom, name: str, rows: Sequence[Sequence[object]], form: Form = PLAIN
) -> Path:
    """Write a file below reports/; short rows are filled up to the first row's length."""
    length = len(rows[0])
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=form.separator,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_ALL if form.quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerows(
        [*(_harmless(cell) for cell in row), *[""] * (length - len(row))] for row in rows
    )
    encoding = "utf-8-sig" if form.mark else "utf-8"
    return _write(classroom, name, text.getvalue().encode(encoding))


def write_zip(classroom: Classroom, name: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Write an archive below reports/; scripts in it can be executed."""
    return _write(classroom, name, zipped(files))


def number(score: float) -> str:
    """Points with at most two decimals, as both systems show them."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def _write(classroom: Classroom, name: str, content: bytes) -> Path:
    path = classroom.folder / "reports" / name
    write_whole(path, content)
    return path


def _harmless(value: object) -> object:
    formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    formula = formula and value != "-"  # how Moodle's worksheet says that there is nothing
    return f"'{value}" if formula else value
