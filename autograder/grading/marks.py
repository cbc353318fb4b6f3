"""Reads what became of a graded class: from the gradebook, and from the graded notebooks.

`autograder.grading.report` and `autograder.grading.similar` call `read_class`. Graded notebooks are
read as plain JSON: nbformat would check each of them against its schema, which takes ten times as
long.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import (
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)

from autograder.grading.course import Classroom, GradingError
from autograder.grading.failures import Failure, read_failure
from autograder.grading.record import open_gradebook


@dataclass(frozen=True)
class Exercise:
    """One grade cell, and the answer that it tests.

    Attributes:
        name: The grade cell's id without "test_".
        cell: The grade cell's id.
        points: What it is worth.
        answer: Id of the solution cell before it; empty if there is none.
        stub: What students find in that cell.
        reference: The reference solution.
        prose: Whether the answer is text, which people grade.
    """

    name: str
    cell: str
    points: float
    answer: str
    stub: str
    reference: str
    prose: bool = False


@dataclass(frozen=True)
class Mark:
    """What a student got for an exercise.

    Attributes:
        score: Points.
        outcome: "right", "partly", or how it failed: "not attempted", "stopped", "raises", "wrong".
        failure: What the failed test said, if it did.
    """

    score: float
    outcome: str
    failure: Failure | None = None


@dataclass(frozen=True)
class Submission:
    """One graded submission.

    Attributes:
        student: Whose it is.
        score: Points, late penalty taken off.
        hours_late: Hours after the due date; 0 in time.
        graded: Whether anything could be run.
        notes: What was mended or went wrong, in sentences.
        seconds: How long the examiner worked on it, if that was recorded.
        marks: By the exercise's name; none where nothing could be run.
        answers: Source of the solution cells, by their ids.
    """

    student: str
    score: float
    hours_late: float
    graded: bool
    notes: tuple[str, ...]
    seconds: float | None
    marks: dict[str, Mark]
    answers: dict[str, str]


@dataclass(frozen=True)
class Class:
    """An assignment's exercises in order, its submissions by student, and who handed in nothing."""

    assignment: str
    exercises: list[Exercise]
    submissions: list[Submission]
    absent: list[str]


def read_class(classroom: Classroom, assignment: str) -> Class:
    """Everything that grading found.

    Raises:
        GradingError: There is no such assignment, or nothing of it is graded.
    """
    exercises = read_exercises(classroom, assignment)
    submissions = []
    with open_gradebook(classroom) as gradebook:
        scores = _scores(gradebook, assignment)
        for entry in gradebook.assignment_submissions(assignment) if scores else []:
            student = entry.student_id
            path = classroom.autograded(student, assignment)
            if path.exists():
                hours = entry.total_seconds_late / 3600
                score = max(sum(scores[student].values()) - entry.late_submission_penalty, 0.0)
                submissions.append(_submission(student, score, hours, path, exercises, scores))
        if not submissions:
            raise GradingError(
                f"Nothing of {assignment} is graded yet. First: autograder grade {assignment}"
            )
        absent = sorted({student.id for student in gradebook.students} - {*scores})
    submissions.sort(key=lambda submission: submission.student)
    return Class(assignment, exercises, submissions, absent)


def read_exercises(classroom: Classroom, assignment: str) -> list[Exercise]:
    """The assignment's exercises in order.

    Raises:
        GradingError: There is no such assignment.
    """
    instructor = _read(classroom.instructor_notebook(assignment))
    release = _read(classroom.release_notebook(assignment))
    stubs = {_details(cell).get("grade_id"): _source(cell) for cell in release["cells"]}
    found, answer = [], None
    for cell in instructor["cells"]:
        details = _details(cell)
        if details.get("solution"):
            answer = cell
        if details.get("grade") or details.get("task"):
            own = None if details.get("task") else answer
            name = _details(own)["grade_id"] if own else ""
            found.append(
                Exercise(
                    details["grade_id"].removeprefix("test_"),
                    details["grade_id"],
                    float(details.get("points", 0)),
                    name,
                    stubs.get(name, ""),
                    _source(own) if own else "",
                    prose=bool(own) and own["cell_type"] != "code",
                )
            )
    return found


def _scores(gradebook: Gradebook, assignment: str) -> dict[str, dict[str, float]]:
    """Every student's points by grade cell, in one query."""
    try:
        number = gradebook.find_assignment(assignment).id
    except MissingEntry:
        return {}
    rows = (
        gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Grade.score)
        .select_from(SubmittedAssignment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .filter(SubmittedAssignment.assignment_id == number)
    )
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for student, cell, score in rows:
        scores[student][cell] = score
    return scores


def _submission(
    student: str,
    score: float,
    hours_late: float,
    path: Path,
    exercises: list[Exercise],
    scores: dict[str, dict[str, float]],
) -> Submission:
    notebook = _read(path)
    # `nbgrader autograde` leaves no stamp.
    stamp = {"graded": True, "notes": [], **notebook["metadata"].get("autograder", {})}
    cells = {_details(cell).get("grade_id"): cell for cell in notebook["cells"]}
    cells.pop(None, None)
    marks = {}
    if stamp["graded"]:
        for exercise in exercises:
            points = scores[student].get(exercise.cell, 0.0)
            marks[exercise.name] = _mark(exercise, points, cells)
    answers = {
        exercise.answer: _source(cells[exercise.answer])
        for exercise in exercises
        if exercise.answer in cells
    }
    return Submission(
        student,
        score,
        hours_late,
        stamp["graded"],
        tuple(stamp["notes"]),
        stamp.get("seconds"),
        marks,
        answers,
    )


def _mark(exercise: Exercise, score: float, cells: dict[str, Any]) -> Mark:
    if score >= exercise.points:
        return Mark(score, "right")
    answer = cells.get(exercise.answer, {"source": "", "outputs": []})
    stopped = [f for f in _failures(answer) if f.outcome == "stopped"]
    failure = next(iter([*stopped, *_failures(cells.get(exercise.cell, {}))]), None)
    if exercise.answer and _source(answer).split() == exercise.stub.split():
        return Mark(score, "not attempted", failure)
    if score > 0:
        return Mark(score, "partly", failure)
    return Mark(score, failure.outcome if failure else "wrong", failure)


def _failures(cell: dict[str, Any]) -> list[Failure]:
    return [read_failure(o) for o in cell.get("outputs", []) if o["output_type"] == "error"]


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes())


def _details(cell: dict[str, Any]) -> dict[str, Any]:
    return cell["metadata"].get("nbgrader", {})


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
