"""Reads what became of a graded class: from the gradebook, and from the graded notebooks.

`report` and `similar` call `read_class`. Graded notebooks are read as plain JSON: nbformat would
check each of them against its schema, which takes ten times as long.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import cells
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.editions import edition
from autograder.grading.gradebook.people import left, names
from autograder.grading.gradebook.store import Points, net, points
from autograder.grading.outgoing.pages import feedback_link
from autograder.grading.submission.execution import finding_of
from autograder.lab.findings import Finding


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
        prose: True if the answer is text, which people grade.
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
        finding: What the failed test found, if it did.
    """

    score: float
    outcome: str
    finding: Finding | None = None


@dataclass(frozen=True)
class Submission:
    """One graded submission.

    Attributes:
        student: Whose it is.
        score: Points, late penalty taken off.
        hours_late: Hours after the due date; 0 in time.
        graded: True if anything could be run.
        notes: What was repaired or went wrong, in sentences.
        seconds: How long the examiner worked on it, if that was recorded.
        marks: By the exercise's name; none where nothing could be run.
        answers: Source of the solution cells, by their ids.
        page: The address of the feedback page from reports/; empty if there is none.
    """

    student: str
    score: float
    hours_late: float
    graded: bool
    notes: tuple[str, ...]
    seconds: float | None
    marks: dict[str, Mark]
    answers: dict[str, str]
    page: str = ""


@dataclass(frozen=True)
class Class:
    """A class and an assignment; who has left the class is not in it.

    Attributes:
        ref: The assignment's notebook.
        exercises: In order.
        submissions: In the order of the students' last names, or ids where there are no names.
        absent: Student ids of whoever handed in nothing.
        names: Everyone's name by student id; some are empty.
    """

    ref: NotebookRef
    exercises: list[Exercise]
    submissions: list[Submission]
    absent: list[str]
    names: dict[str, str] = field(default_factory=dict)


def read_class(classroom: Classroom, assignment: str) -> Class:
    """Everything that grading found.

    Raises:
        GradingError: There is no such assignment, or nothing of it is graded.
    """
    ref = NotebookRef(assignment)
    exercises = read_exercises(classroom, ref)
    submissions = []
    scores, known = points(classroom, ref), names(classroom)
    gone = left(classroom, known)
    if not scores:
        raise _nothing(assignment)
    with open_gradebook(classroom) as gradebook:
        for entry in gradebook.assignment_submissions(assignment):
            student = entry.student_id
            path = classroom.autograded(student, ref)
            if path.exists() and student not in gone:
                hours = entry.total_seconds_late / 3600
                own = scores[student]
                score = net(sum(p.score for p in own.values()), entry)
                found = _submission(student, score, hours, path, exercises, own)
                page = feedback_link(classroom, student, ref)
                submissions.append(replace(found, page=page))
    if not submissions:
        raise _nothing(assignment)
    places = {student: place for place, student in enumerate(known)}
    submissions.sort(key=lambda submission: places[submission.student])
    handed_in = {*scores, *classroom.students(assignment), *gone}
    absent = [student for student in known if student not in handed_in]
    return Class(ref, exercises, submissions, absent, known)


def _nothing(assignment: str) -> GradingError:
    todo = f"First: autograder grade {assignment}"
    return GradingError(f"Nothing of {assignment} is graded yet. {todo}")


def read_exercises(classroom: Classroom, ref: NotebookRef) -> list[Exercise]:
    """A notebook's exercises in order, as the class's edition has them.

    Raises:
        GradingError: There is no such assignment.
    """
    own = edition(classroom, ref)
    stubs = cells.by_id(own.released.cells)
    found, answer = [], None
    for cell in own.instructor.cells:
        if cells.is_answer(cell):
            answer = cell
        if cells.has_points(cell):
            tested = None if cells.is_task(cell) else answer
            name = cells.grade_id(tested) if tested else ""
            found.append(
                Exercise(
                    cells.exercise(cell),
                    cells.grade_id(cell),
                    float(cells.points(cell) or 0),
                    name,
                    stubs[name].source if name in stubs else "",
                    tested.source if tested else "",
                    prose=bool(tested) and tested.cell_type != "code",
                )
            )
    return found


def _submission(
    student: str,
    score: float,
    hours_late: float,
    path: Path,
    exercises: list[Exercise],
    own: dict[str, Points],
) -> Submission:
    notebook = json.loads(path.read_bytes())
    # `nbgrader autograde` leaves no stamp.
    stamp = {"graded": True, "notes": [], **notebook["metadata"].get("autograder", {})}
    graded = cells.by_id(notebook["cells"])
    marks = {}
    if stamp["graded"]:
        for exercise in exercises:
            score_there = own[exercise.cell].score if exercise.cell in own else 0.0
            marks[exercise.name] = _mark(exercise, score_there, graded)
    answers = {
        exercise.answer: _source(graded[exercise.answer])
        for exercise in exercises
        if exercise.answer in graded
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


def _mark(exercise: Exercise, score: float, graded: dict[str, Any]) -> Mark:
    if score >= exercise.points:
        return Mark(score, "right")
    answer = graded.get(exercise.answer, {"source": "", "metadata": {}})
    stopped, finding = finding_of(answer), finding_of(graded.get(exercise.cell, {}))
    if stopped is not None and stopped.outcome == "stopped":
        finding = stopped
    if exercise.answer and _source(answer).split() == exercise.stub.split():
        return Mark(score, "not attempted", finding)
    if score > 0:
        return Mark(score, "partly", finding)
    return Mark(score, finding.outcome if finding else "wrong", finding)


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
