"""Writes grades and feedback as Canvas takes them; the instructor's guide says where they go.

Canvas finds a student by the column ID, else by the SIS ids; a column by the id in brackets behind
its title, else by its title; and whose feedback a file is by the name that it had in the download.
"""

import re

import nbformat

from autograder.files import zipped
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.people import names
from autograder.grading.gradebook.steps import HideTests
from autograder.grading.incoming.origins import Origin, remembered
from autograder.grading.incoming.roster import PLAIN, Roster
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

_PEOPLE = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
_KEPT = {"student", "id", "sis user id", "sis login id", "integration id", "root account",
         "section"}  # fmt: skip


def export_canvas(
    classroom: Classroom, assignments: list[str], roster: Roster | None, column: str | None
) -> Exported:
    """Write the gradebook file and, for what was collected from Canvas, the feedback.

    Args:
        classroom: The class.
        assignments: Whose grades.
        roster: The gradebook as Canvas exports it; without it, Canvas ids are known of those
            only whose work was collected from Canvas, and the others need their SIS Login ID as
            student id.
        column: The title of the assignment's column in Canvas, if it is not the assignment's id.

    Raises:
        GradingError: There is nothing to export, or the roster is of another system.
    """
    if roster and roster.kind != "canvas":
        raise GradingError("The roster is not a gradebook exported from Canvas.")
    if column and len(assignments) != 1:
        raise GradingError("--column names the column of one assignment: name the assignment, too.")
    found = {name: needed_grades(classroom, name) for name in assignments}
    notes: list[str] = []
    titles = {name: column or _title(name, roster, notes) for name in assignments}
    origins = {name: _from_canvas(classroom, name) for name in assignments}
    known = {s: origin for those in origins.values() for s, origin in those.items()}
    titled = enumerate(roster.header if roster else [])
    places = [place for place, title in titled if title.strip().lower() in _KEPT]
    header = [roster.header[place] for place in places] if roster else _PEOPLE
    maxima = [_points(found[name], titles[name], roster, notes) for name in assignments]
    rows: list[list[object]] = [
        [*header, *titles.values()],
        ["    Points Possible", *[""] * (len(header) - 1), *maxima],
    ]
    scores = {name: {one.student: grade_cell(one) for one in found[name]} for name in found}
    called = names(classroom)
    for student in sorted({student for those in scores.values() for student in those}):
        who = _who(student, known.get(student), called, roster, places, notes)
        if who:
            rows.append([*who, *(scores[name].get(student, "") for name in assignments)])
    notes.extend(roster.notes if roster else ())
    form = roster.form if roster else PLAIN
    files = [write_csv(classroom, "canvas-grades.csv", rows, form)]
    for name in assignments:
        notes.extend(without_grade(name, found[name]))
        entries = [
            (origins[name][one.student].file, _feedback(classroom, name, one, origins[name]))
            for one in found[name]
            if one.student in origins[name]
        ]
        if entries:
            files.append(write_zip(classroom, f"canvas-{name}-feedback.zip", entries))
        if len(entries) < len(found[name]):
            without = len(found[name]) - len(entries)
            notes.append(f"{name}: {without} not collected from Canvas, so without feedback file.")
    return Exported(tuple(files), tuple(notes))


def _from_canvas(classroom: Classroom, assignment: str) -> dict[str, Origin]:
    known = remembered(classroom, assignment)
    return {student: o for student, o in known.items() if o.system == "canvas"}


def _who(
    student: str,
    origin: Origin | None,
    called: dict[str, str],
    roster: Roster | None,
    places: list[int],
    notes: list[str],
) -> list[str] | None:
    """The columns that tell Canvas who it is; None if the roster does not have them."""
    if roster is None:
        if origin and origin.person.isdigit():
            return [called.get(student) or origin.name or student, origin.person, "", "", ""]
        return [called.get(student) or student, "", "", student, ""]
    person = roster.find_student(student, origin)
    if person is None:
        notes.append(f"{student} is not in the gradebook from Canvas and was left out.")
        return None
    return [roster.rows[person.row][place] for place in places]


def _title(assignment: str, roster: Roster | None, notes: list[str]) -> str:
    """The title of an assignment's column in Canvas."""
    if roster:
        alike = [t for t in roster.header if _letters(t) == _letters(assignment)]
        if len(alike) == 1:
            return alike[0]
    notes.append(f"Canvas will ask what {assignment} is: --column gives the column's title.")
    return assignment


def _letters(title: str) -> str:
    """A title without the id that Canvas puts behind it, and without punctuation."""
    return re.sub(r"[\W_]", "", re.sub(r"\s*\(\d+\)\s*$", "", title)).casefold()


def _points(found: list[Grades], title: str, roster: Roster | None, notes: list[str]) -> str:
    """The points that can be had, as Canvas has them if the roster tells."""
    ours = number(max(one.max_score for one in found))
    if roster is None or title not in roster.header:
        return ours
    place = roster.header.index(title)
    theirs = next((r[place] for r in roster.rows if "Points Possible" in r[0]), "").strip()
    if not theirs:
        return ours
    if value(theirs) != float(ours):
        notes.append(f"{title} has {theirs} points in Canvas and {ours} here.")
    return theirs


def _feedback(
    classroom: Classroom, assignment: str, grades: Grades, origins: dict[str, Origin]
) -> bytes:
    """The graded notebook with the points on top and without the hidden tests."""
    path = classroom.autograded(grades.student, NotebookRef(assignment))
    notebook = nbformat.read(path, as_version=4)
    notebook, _ = HideTests().preprocess(notebook, {})
    earned, most = grade_cell(grades), number(grades.max_score)
    lines = [f"**{earned} of {most} points**" if earned else "**Not gradable**", ""]
    each = grades.exercises if earned else ()
    lines += [f"- `{e.name}`: {number(e.score)} of {number(e.max_score)}" for e in each]
    if grades.late_penalty:
        lines.append(f"- handed in late: -{number(grades.late_penalty)}")
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("\n".join(lines), id="points"))
    content = nbformat.writes(notebook).encode()
    if origins[grades.student].file.lower().endswith(".zip"):
        return zipped([(f"{assignment}.ipynb", content)])
    return content
