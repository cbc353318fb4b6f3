"""Writes grades and feedback as Moodle takes them; the instructor's guide says where they go.

Moodle finds the student of a feedback page by the name of its folder, which is as in the download.
"""

import re
from pathlib import Path

from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.incoming.origins import remembered
from autograder.grading.incoming.roster import Roster
from autograder.grading.incoming.worksheet import value
from autograder.grading.outgoing.grades import (
    Exported,
    Grades,
    grade_cell,
    needed_grades,
    number,
    without_grade,
    write_csv,
    write_zip,
)


def export_moodle(classroom: Classroom, assignments: list[str], roster: Roster | None) -> Exported:
    """Write the grades, and feedback for everyone with a known number in Moodle.

    Args:
        classroom: The class.
        assignments: Whose grades; one, if there is a roster.
        roster: The assignment's grading worksheet from Moodle.

    Raises:
        GradingError: There is nothing to export, or the roster is not one assignment's worksheet.
    """
    found = {name: needed_grades(classroom, name) for name in assignments}
    notes: list[str] = []
    if roster:
        if roster.kind != "moodle worksheet" or roster.column("grade") is None:
            raise GradingError("The roster is not a grading worksheet downloaded from Moodle.")
        if len(assignments) != 1:
            raise GradingError("A grading worksheet is of one assignment: name the assignment.")
        (assignment,) = assignments
        files = [_worksheet(classroom, assignment, found[assignment], roster, notes)]
    else:
        files = [_import_file(classroom, found)]
        notes.append("Moodle finds people by ID number or email: student ids must be one of them.")
    for name in assignments:
        notes.extend(without_grade(name, found[name]))
        folders = _folders(classroom, name, found[name], roster)
        pages = [(s, classroom.feedback(s, NotebookRef(name))) for s in folders]
        entries = [(f"{folders[s]}/{name}.html", p.read_bytes()) for s, p in pages if p.is_file()]
        if entries:
            files.append(write_zip(classroom, f"moodle-{name}-feedback.zip", entries))
        if len(entries) < len(found[name]):
            without = len(found[name]) - len(entries)
            notes.append(
                f"{name}: {without} without feedback file, because their number in Moodle is not "
                "known or their page is missing."
            )
    return Exported(tuple(files), tuple(notes))


def _worksheet(
    classroom: Classroom,
    assignment: str,
    found: list[Grades],
    roster: Roster,
    notes: list[str],
) -> Path:
    """Fill in the worksheet."""
    origins = remembered(classroom, assignment)
    grade, most = roster.column("grade"), roster.column("maximum grade")
    assert grade is not None  # `export_moodle` takes nothing else
    rows = [list(row) for row in roster.rows]
    for one in found:
        person = roster.find_student(one.student, origins.get(one.student))
        if person is None:
            notes.append(f"{one.student} is not in the worksheet and was left out.")
            continue
        theirs = rows[person.row][most].strip() if most is not None else ""
        points = grade_cell(one)
        rows[person.row][grade] = points.replace(".", ",") if "," in theirs else points
        if value(theirs) not in (None, one.max_score):
            note = f"The maximum grade is {theirs} in Moodle and {number(one.max_score)} here."
            if note not in notes:
                notes.append(note)
    notes.extend(roster.notes)
    return write_csv(classroom, f"moodle-{assignment}.csv", [roster.header, *rows], roster.form)


def _import_file(classroom: Classroom, found: dict[str, list[Grades]]) -> Path:
    """One row for each student, one column for each assignment."""
    scores = [{one.student: grade_cell(one) for one in those} for those in found.values()]
    rows: list[list[object]] = [["ID number", "Email address", *found]]
    for student in sorted({student for those in scores for student in those}):
        email = student if "@" in student else ""
        rows.append([student, email, *(those.get(student, "") for those in scores)])
    return write_csv(classroom, "moodle-grades.csv", rows)


def _folders(
    classroom: Classroom, assignment: str, found: list[Grades], roster: Roster | None
) -> dict[str, str]:
    """For each student whom Moodle knows by a number, the folder of the download."""
    origins = remembered(classroom, assignment)
    folders = {}
    for one in found:
        origin = origins.get(one.student)
        person = roster.find_student(one.student, origin) if roster else None
        if person and person.numbers.get("moodle"):
            name = person.name or (origin.name if origin else "")
            participant = person.numbers["moodle"]
        elif origin and origin.system == "moodle" and not roster:
            name, participant = origin.name, origin.person
        else:
            continue
        name = re.sub(r"[_/\\:*?\"<>|\0]", " ", name)
        folders[one.student] = f"{name}_{participant}_assignsubmission_file_"
    return folders
