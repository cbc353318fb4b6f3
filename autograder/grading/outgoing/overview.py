"""Reads where the whole class stands; the class's page, its tables and the demo show it.

Who has left the class, because the roster does not have them, is left out everywhere.
"""

import statistics
from dataclasses import dataclass

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.people import left, names
from autograder.grading.outgoing.grades import Grades, grades


@dataclass(frozen=True)
class Summary:
    """How an assignment went.

    Attributes:
        assignment: Its id.
        points: Points that could be had.
        handed_in: How many students' work is in the gradebook.
        graded: How many of these could be graded; `median` and `mean` are theirs.
        broken: How many could not.
        late: How many came after the due date.
        absent: How many of the class handed in nothing.
        median: Of the points of those graded; None if there are none.
        mean: Likewise.
    """

    assignment: str
    points: float
    handed_in: int
    graded: int
    broken: int
    late: int
    absent: int
    median: float | None
    mean: float | None


@dataclass(frozen=True)
class Overview:
    """The class.

    Attributes:
        grades: Of each assignment that anyone has grades for, in order, by student id.
        waiting: By assignment, who handed it in and has no grades yet.
        names: Everyone in the class by student id, in the order of last names; some are empty.
        left: Who has grades or a name, and is not on the roster.
    """

    grades: dict[str, dict[str, Grades]]
    waiting: dict[str, frozenset[str]]
    names: dict[str, str]
    left: tuple[str, ...]

    def status(self, student: str, assignment: str) -> str:
        """ "graded", "not gradable", "not graded yet" or "not handed in"."""
        if found := self.grades[assignment].get(student):
            return found.status
        return "not graded yet" if student in self.waiting[assignment] else "not handed in"

    def score(self, student: str, assignment: str) -> float | None:
        """A student's points; None where there is nothing that could earn any."""
        found = self.grades[assignment].get(student)
        return found.earned if found else None

    def total(self, student: str) -> float:
        """A student's points in all assignments."""
        return sum(self.score(student, assignment) or 0.0 for assignment in self.grades)

    def summary(self, assignment: str) -> Summary:
        """How an assignment went."""
        found = self.grades[assignment].values()
        scores = [one.score for one in found if one.status == "graded"]
        handed_in = {*self.grades[assignment], *self.waiting[assignment]}
        return Summary(
            assignment,
            max(one.max_score for one in found),
            len(found),
            len(scores),
            len(found) - len(scores),
            sum(one.late for one in found),
            len({*self.names} - handed_in),
            statistics.median(scores) if scores else None,
            statistics.mean(scores) if scores else None,
        )


def read_overview(classroom: Classroom) -> Overview:
    """The class, as the gradebook and the folders have it.

    Raises:
        GradingError: The roster cannot be read.
    """
    everyone = names(classroom)
    gone = left(classroom, everyone)
    known = {student: name for student, name in everyone.items() if student not in gone}
    found, waiting = {}, {}
    for assignment in classroom.assignments():
        own = {one.student: one for one in grades(classroom, assignment) if one.student in known}
        if own:
            found[assignment] = own
            handed_in = {*classroom.students(assignment)}
            waiting[assignment] = frozenset(handed_in - {*own, *gone})
    for student in sorted({s for those in waiting.values() for s in those} - {*known}):
        known[student] = ""
    return Overview(found, waiting, known, tuple(gone))
