"""What the gradebook says of one submission: who, when, how many points, which comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import BaseCell, Comment, Grade, Gradebook

from autograder.grading.gradebook.people import full_name
from autograder.grading.gradebook.store import net


@dataclass(frozen=True)
class Score:
    """What an exercise has.

    Attributes:
        points: How many, by the tests or by hand.
        waiting: True if it waits for somebody to grade it by hand.
    """

    points: float
    waiting: bool


@dataclass(frozen=True)
class Standing:
    """A submission in the gradebook.

    Attributes:
        student: Id.
        assignment: Id.
        name: First and last name; empty if the gradebook has none.
        points: Late penalty taken off.
        most: Points that could be had.
        penalty: Points taken off.
        submitted: In UTC; None if that is not known.
        due: In UTC, with the student's extension; None if there is no due date.
        scores: By grade id.
        comments: What an instructor wrote, as Markdown, by grade id.
    """

    student: str
    assignment: str
    name: str = ""
    points: float = 0.0
    most: float = 0.0
    penalty: float = 0.0
    submitted: datetime | None = None
    due: datetime | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)

    def is_over(self, now: datetime) -> bool:
        """Return True if the student's due date has passed; without one it never does."""
        return self.due is not None and now > self.due


def standing(db_url: str, assignment: str, notebook: str, student: str) -> Standing:
    """The standing of a student's notebook.

    Raises:
        MissingEntry: The gradebook does not have it.
    """
    with Gradebook(db_url) as gradebook:
        found: Any = gradebook.find_submission_notebook(notebook, assignment, student)
        submission = found.assignment
        due, extension = submission.assignment.duedate, submission.extension
        penalty = found.late_submission_penalty or 0.0
        cells = BaseCell.name, Grade.score, Grade.needs_manual_grade
        scores = (
            gradebook.db.query(*cells)
            .join(Grade, Grade.cell_id == BaseCell.id)
            .filter(Grade.notebook_id == found.id)
        )
        comments = (
            gradebook.db.query(BaseCell.name, Comment.manual_comment)
            .join(Comment, Comment.cell_id == BaseCell.id)
            .filter(Comment.notebook_id == found.id)
        )
        return Standing(
            student,
            assignment,
            full_name(submission.student),
            net(found.score, found) if penalty else found.score,
            found.max_score,
            penalty,
            _utc(submission.timestamp),
            _utc(due if due is None or extension is None else due + extension),
            {name: Score(points or 0.0, bool(waiting)) for name, points, waiting in scores},
            {name: text for name, text in comments if text and text.strip()},
        )


def _utc(time: datetime | None) -> datetime | None:
    """A time of the gradebook's, which are all in UTC and do not say so."""
    return None if time is None else time.replace(tzinfo=UTC)
