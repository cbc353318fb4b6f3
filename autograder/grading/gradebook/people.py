"""The students of a class: their names in the gradebook, and who is on the roster.

Names come from rosters and downloads, so nobody vouches for them: here they lose what could steer a
terminal, and whoever shows one in markup escapes it. `roster.txt` in the class's folder lists the
ids of each section's last roster, one a line, with an empty line between sections; without that
file everyone in the gradebook is in the class.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from nbgrader.api import Student
from sqlalchemy.orm import load_only

from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.connection import has_gradebook, open_gradebook
from autograder.grading.gradebook.store import plainly

_ROSTER = "roster.txt"
_LONGEST = 128  # characters of a first or a last name that the gradebook holds


def full_name(student: Any) -> str:
    """First and last name of nbgrader's `Student`, joined by a blank; empty if there is none.

    Names come from rosters and downloads: whoever shows one in markup escapes it.
    """
    return _plain(f"{student.first_name or ''} {student.last_name or ''}")


def names(classroom: Classroom) -> dict[str, str]:
    """The name of everyone in the gradebook by student id, in order of last names.

    Whoever has no name has an empty one and stands where the id belongs.
    """
    if not has_gradebook(classroom):
        return {}
    with open_gradebook(classroom) as gradebook:
        columns = Student.id, Student.first_name, Student.last_name  # its score takes long
        people = sorted(gradebook.db.query(*columns), key=_place)
    return {student.id: full_name(student) for student in people}


@plainly()
def enroll(classroom: Classroom, told: Mapping[str, str], listed: Mapping[str, str]) -> None:
    """Put students into the gradebook, with their names; nobody loses a name.

    Args:
        classroom: The class.
        told: Names by student id as a download tells them; they fill what is empty.
        listed: Names by student id on a roster; one also replaces a name of as many words or fewer.
    """
    with open_gradebook(classroom) as gradebook:
        columns = load_only(Student.first_name, Student.last_name)  # its score takes long
        known = {student.id: student for student in gradebook.db.query(Student).options(columns)}
        for whom, text in {**told, **listed}.items():
            if whom not in known:
                known[whom] = Student(id=whom)
                gradebook.db.add(known[whom])
            name, before = _plain(text), full_name(known[whom])
            fuller = whom in listed and len(name.split()) >= len(before.split())
            if name and (fuller or not before):
                known[whom].first_name, known[whom].last_name = _parts(name)
        gradebook.db.commit()


def write_roster(classroom: Classroom, students: Iterable[str]) -> None:
    """Remember who is in the class.

    A roster replaces each earlier one of which it has more than half of the students. One that
    replaces none is a short list, of a make-up session for example, if all its students are on one
    earlier roster: it changes nothing. Otherwise it is another section's, and both count.
    """
    new, earlier = set(students), _rosters(classroom)
    others = [r for r in earlier if 2 * len(r & new) <= len(r)]
    if others == earlier and any(new <= r for r in earlier):
        return
    blocks = ["".join(f"{student}\n" for student in sorted(r)) for r in (*others, new) if r]
    write_whole(classroom.folder / _ROSTER, "\n".join(blocks).encode())


def left(classroom: Classroom, students: Iterable[str]) -> list[str]:
    """Those of some students who are not on a roster; empty if the class has none.

    Raises:
        GradingError: The rosters cannot be read.
    """
    rosters = _rosters(classroom)
    return sorted({*students}.difference(*rosters)) if rosters else []


def _rosters(classroom: Classroom) -> list[set[str]]:
    """The ids on each section's last roster."""
    path = classroom.folder / _ROSTER
    if not path.exists():
        return []
    try:
        blocks = path.read_text(encoding="utf-8").split("\n\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GradingError(f"{path} cannot be read; delete it, or collect again.") from error
    return [ids for block in blocks if (ids := {*block.split("\n")} - {""})]


def _plain(text: str) -> str:
    """A name on one line, without control characters."""
    kept = (c if c.isprintable() else " " * c.isspace() for c in text)
    return " ".join("".join(kept).split())


def _parts(name: str) -> tuple[str, str]:
    """First and last name of `Jane Doe` or `Doe, Jane`."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return first.strip()[:_LONGEST], last.strip()[:_LONGEST]


def _place(student: Any) -> tuple[str, str, str]:
    name = full_name(student)
    last = _plain(student.last_name or "") or name or student.id
    return last.casefold(), name.casefold(), student.id
