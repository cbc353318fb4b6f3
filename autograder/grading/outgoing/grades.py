"""Reads the grades of a class from the gradebook, and writes files of them below reports/.

`overview` reads them for the pages and `tables`; `canvas`, `moodle` and `gradescope` write them for
those systems.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.cells import exercise
from autograder.files import write_whole, zipped
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.store import net, points
from autograder.grading.incoming.roster import PLAIN, Form
from autograder.grading.outgoing.pages import reports

Status = Literal["graded", "not gradable"]


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
        status: "not gradable" if nothing of it could be run.
        score: Points, late penalty taken off.
        max_score: Points that could be had.
        late_penalty: What was taken off.
        late: True if it came after the due date.
        submitted: The gradebook's time of the submission; empty if it has none.
        exercises: The points of each exercise, before the penalty.
    """

    student: str
    status: Status
    score: float
    max_score: float
    late_penalty: float
    late: bool
    submitted: object
    exercises: tuple[Exercise, ...]

    @property
    def earned(self) -> float | None:
        """The score; None where nothing could be run, unless points were given by hand."""
        return self.score if self.status == "graded" or self.score else None


@dataclass(frozen=True)
class Exported:
    """The files that an export wrote, and what an instructor must know about them."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def grades(classroom: Classroom, assignment: str) -> list[Grades]:
    """Everyone's grades for an assignment, by student id."""
    ref = NotebookRef(assignment)
    found, own = [], points(classroom, ref)
    if not own:
        return []
    with open_gradebook(classroom) as gradebook:
        notebook = gradebook.find_notebook(ref.notebook, assignment)
        worth = {c.name: c.max_score for c in [*notebook.grade_cells, *notebook.task_cells]}
        for submission in gradebook.assignment_submissions(assignment):
            cells = own.get(submission.student_id, {}).items()
            found.append(
                Grades(
                    submission.student_id,
                    "graded"
                    if was_run(classroom.autograded(submission.student_id, ref))
                    else "not gradable",
                    net(sum(p.score for _, p in cells), submission),
                    sum(worth.values()),
                    submission.late_submission_penalty,
                    submission.total_seconds_late > 0,
                    submission.timestamp or "",
                    tuple(Exercise(exercise(name), p.score, worth[name]) for name, p in cells),
                )
            )
    return sorted(found, key=lambda one: one.student)


def was_run(path: Path) -> bool:
    """Return False if a graded notebook says that nothing of the submission could be run."""
    content = path.read_bytes() if path.exists() else b""
    if b'"graded": false' not in content:  # most often; the rest is read with care
        return True
    return json.loads(content)["metadata"].get("autograder", {}).get("graded", True)


def graded_assignments(classroom: Classroom) -> list[str]:
    """The assignments for which anyone has grades, in order.

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


def grade_cell(grades: Grades) -> str:
    """What other systems get as the grade; empty, which is no 0, if nothing was earned."""
    return "" if grades.earned is None else number(grades.earned)


def without_grade(assignment: str, found: Iterable[Grades]) -> list[str]:
    """A note that names whose grade is left empty; none if everyone has one."""
    who = ", ".join(one.student for one in found if one.earned is None)
    return [f"{assignment}: not gradable, so the grade is empty: {who}"] if who else []


def number(score: float) -> str:
    """Points with at most two decimals, as both systems show them."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def _write(classroom: Classroom, name: str, content: bytes) -> Path:
    path = reports(classroom) / name
    write_whole(path, content)
    return path


def _harmless(value: object) -> object:
    formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    formula = formula and value != "-"  # how Moodle's worksheet says that there is nothing
    return f"'{value}" if formula else value
