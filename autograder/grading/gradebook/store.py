"""Writes to nbgrader's gradebook: assignments, submissions, grades, penalties.

Only one process records at a time; everything in here is nbgrader's own code, called for one
submission.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    InvalidEntry,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for
from autograder.grading.gradebook.connection import gradebook_file, has_gradebook, open_gradebook
from autograder.grading.gradebook.pipeline import Pipeline, convert

_BACKUPS_KEPT = 10
_RECEIPT = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True)
class Points:
    """What a student has for a grade cell.

    Attributes:
        automatic: By the tests; None where they are left to manual grading.
        manual: By hand; None if there are none.
        score: What counts.
    """

    automatic: float | None
    manual: float | None
    score: float


def back_up(classroom: Classroom) -> None:
    """Copy a gradebook that is a file to backups/; the newest ten stay.

    What a database server holds is backed up by the server's own means, such as `pg_dump`.
    """
    file = gradebook_file(classroom)
    if file is None or not file.exists():
        return
    folder = classroom.folder / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"gradebook-{datetime.now():%Y%m%d-%H%M%S-%f}.db"
    with (
        contextlib.closing(sqlite3.connect(file)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    for old in sorted(folder.glob("gradebook-*.db"))[:-_BACKUPS_KEPT]:
        old.unlink()


def register(classroom: Classroom, assignment: str) -> None:
    """Put today's cells and points into the gradebook, unless it has submissions of the assignment.

    Raises:
        GradingError: nbgrader refuses.
    """
    with open_gradebook(classroom) as gradebook, contextlib.suppress(MissingEntry):
        if gradebook.find_assignment(assignment).num_submissions:
            return
    config = config_for(classroom, assignment, ".")
    with tempfile.TemporaryDirectory() as scratch:
        config.CourseDirectory.release_directory = scratch
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        converter.force = True
        convert(converter, f"nbgrader cannot take up {assignment}")


def net(score: float, submission: Any) -> float:
    """A submission's points with the late penalty taken off."""
    return less(score, submission.late_submission_penalty)


def less(score: float, penalty: float) -> float:
    """Points with a late penalty taken off, here and nowhere else."""
    return max(score - penalty, 0.0)


def points(classroom: Classroom, ref: NotebookRef) -> dict[str, dict[str, Points]]:
    """Each student's points by grade id, in one query; whoever was never graded is left out."""
    if not has_gradebook(classroom):
        return {}
    found: dict[str, dict[str, Points]] = {}
    with open_gradebook(classroom) as gradebook:
        rows = (
            gradebook.db.query(
                SubmittedAssignment.student_id,
                BaseCell.name,
                Grade.auto_score,
                Grade.manual_score,
                Grade.score,
            )
            .select_from(Grade)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(Notebook, BaseCell.notebook_id == Notebook.id)
            .filter(Assignment.name == ref.assignment, Notebook.name == ref.notebook)  # pyright: ignore[reportGeneralTypeIssues] - nbgrader's column
        )
        for student, exercise, *own in rows:
            found.setdefault(student, {})[exercise] = Points(*own)
    return found


def penalties(classroom: Classroom, ref: NotebookRef) -> dict[str, float]:
    """What is taken off each student's points, in one query."""
    if not has_gradebook(classroom):
        return {}
    with open_gradebook(classroom) as gradebook:
        rows = (
            gradebook.db.query(
                SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty
            )
            .select_from(SubmittedNotebook)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .filter(Assignment.name == ref.assignment, Notebook.name == ref.notebook)  # pyright: ignore[reportGeneralTypeIssues] - nbgrader's column
        )
        return {student: penalty or 0.0 for student, penalty in rows}


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Say in a sentence what the database refuses.

    Raises:
        GradingError: It refuses.
    """
    try:
        yield
    except (SQLAlchemyError, InvalidEntry) as error:
        reason = str(error).splitlines()[0]
        raise GradingError(
            f"The gradebook cannot be written: {reason}. Nothing is lost; grade again."
        ) from error


@plainly()
def record(
    classroom: Classroom,
    ref: NotebookRef,
    student: str,
    notebook: NotebookNode,
    graded: bool,
    submitted: datetime | None,
    by_hand: list[str] | None = None,
) -> None:
    """Write the graded notebook, and its grades into the gradebook.

    Args:
        classroom: The class.
        ref: Which notebook.
        student: Whose submission it is.
        notebook: Executed, or the page that says why nothing could be executed.
        graded: Whether it was executed; if not, every exercise gets 0 points.
        submitted: When it came, if that is known.
        by_hand: Of a submission that was made from an earlier release, the exercises that are left
            to manual grading; its other cells are recorded as they are. None if from today's.
    """
    with open_gradebook(classroom) as gradebook:
        gradebook.update_or_create_student(student)
        details = {"timestamp": submitted} if submitted else {}
        gradebook.update_or_create_submission(ref.assignment, student, **details)
        if not graded:
            found = gradebook.find_submission_notebook(ref.notebook, ref.assignment, student)
            for grade in found.grades:
                grade.auto_score = 0
                grade.needs_manual_grade = grade.manual_score is not None
            gradebook.db.commit()
    notebook = Pipeline(classroom, ref, student).record(notebook, graded, by_hand)
    target = classroom.autograded(student, ref)
    write_whole(target, nbformat.writes(notebook).encode())
    # From here nbgrader copies them beside the feedback, which its exchange returns by them.
    folder = classroom.submitted(student, ref.assignment)
    for name in _RECEIPT:
        (target.parent / name).unlink(missing_ok=True)
        if name == "timestamp.txt" and submitted is None:
            continue
        if (folder / name).is_file() and not (folder / name).is_symlink():
            shutil.copyfile(folder / name, target.parent / name)
