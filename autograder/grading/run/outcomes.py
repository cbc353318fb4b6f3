"""What became of each submission of a run, and what a regrade changed.

`grade` gives it to whoever started the run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat

from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.store import Points, less, net, points
from autograder.grading.run.plan import Why


@dataclass(frozen=True)
class Change:
    """What a regrade did to one exercise.

    Attributes:
        exercise: Its grade id.
        before: The tests' points before; None where they had been left to manual grading.
        after: The tests' points now.
        manual: The points given by hand, which count whatever the tests say; None without any.
    """

    exercise: str
    before: float | None
    after: float | None
    manual: float | None


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Attributes:
        student: Whose it is.
        score: Points, late penalty taken off.
        max_score: Points that could be had.
        status: "graded" or "not gradable"; with " before" if it was left alone.
        notes: What was repaired or went wrong, in sentences.
        late: True if it came after the due date.
        why: Why it was graded; None if it was left alone.
        changes: Exercises whose points changed; None if it was not graded again.
        penalized: The score before and now, if the late penalty changed it; None otherwise.
    """

    student: str
    score: float
    max_score: float
    status: str
    notes: tuple[str, ...]
    late: bool
    why: Why | None = None
    changes: tuple[Change, ...] | None = None
    penalized: tuple[float, float] | None = None


def outcomes(
    classroom: Classroom,
    ref: NotebookRef,
    students: Iterable[str],
    why: Mapping[str, Why],
    before: Mapping[str, Mapping[str, Points]],
    penalties: Mapping[str, float],
) -> list[Outcome]:
    """What the gradebook says.

    Args:
        classroom: The class.
        ref: The notebook.
        students: Of whom.
        why: Why they were graded; whoever is not in it was left alone.
        before: The points that there were before, by student and exercise.
        penalties: What was taken off before, by student.
    """
    after, found = points(classroom, ref), []
    with open_gradebook(classroom) as gradebook:
        for student in students:
            submission = gradebook.find_submission(ref.assignment, student)
            path = classroom.autograded(student, ref)
            stamp = nbformat.read(path, as_version=4).metadata.autograder
            regraded = student in why and student in before
            outcome = Outcome(
                student,
                net(submission.score, submission),
                submission.max_score,
                ("graded" if stamp.graded else "not gradable")
                + ("" if student in why else " before"),
                tuple(stamp.notes),
                submission.total_seconds_late > 0,
                why.get(student),
                _changes(before[student], after[student]) if regraded else None,
                _penalized(before[student], penalties[student], submission) if regraded else None,
            )
            found.append(outcome)
    return found


def _changes(before: Mapping[str, Points], after: Mapping[str, Points]) -> tuple[Change, ...]:
    return tuple(
        Change(exercise, before[exercise].automatic, now.automatic, now.manual)
        for exercise, now in after.items()
        if exercise in before and before[exercise].automatic != now.automatic
    )


def _penalized(
    before: Mapping[str, Points], penalty: float, submission: Any
) -> tuple[float, float] | None:
    earlier = less(sum(p.score for p in before.values()), penalty)
    now = net(submission.score, submission)
    changed = penalty != submission.late_submission_penalty and earlier != now
    return (earlier, now) if changed else None
