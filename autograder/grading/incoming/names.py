"""Brings the names of a roster, or of a download, into the gradebook after `collect`."""

from collections.abc import Iterable

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.people import enroll, write_roster
from autograder.grading.incoming.origins import remembered
from autograder.grading.incoming.place import Line
from autograder.grading.incoming.roster import Roster
from autograder.grading.incoming.whose import TEAM

PLACED = ("new", "replaced", "as before")


def enter_names(classroom: Classroom, lines: Iterable[Line], roster: Roster | None) -> None:
    """Put who handed in, and everyone on the roster, into the gradebook with their names.

    A roster of student ids that hold all term becomes the class's.

    Raises:
        GradingError: The gradebook cannot be written.
    """
    placed = {(line.student, line.assignment) for line in lines if line.status in PLACED}
    handed_in = {student for student, _ in placed}
    told = {}
    for assignment in sorted({assignment for _, assignment in placed}):
        for student, origin in remembered(classroom, assignment).items():
            if (student, assignment) in placed and origin.system != TEAM and origin.name:
                told[student] = origin.name
    if len(told) > 1 and len({*told.values()}) == 1:
        told = {}  # anonymous grading calls everyone the same
    people = roster.people if roster else []
    lasting = bool(roster and people and roster.is_lasting)
    listed = {p.id: p.name for p in people if lasting or p.id in handed_in}
    if told or listed:
        enroll(classroom, told, listed)
    if lasting:
        write_roster(classroom, (person.id for person in people))
