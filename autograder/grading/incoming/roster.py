"""Reads a class list, so that people of Moodle or Canvas get the student ids of the course.

A list may be the gradebook that Canvas exports, Moodle's grading worksheet or grade export, or a
CSV file of your own with a column `id` and any of `name`, `canvas_id` and `moodle_id`. Moodle
numbers people anew for each assignment.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.classroom import GradingError
from autograder.grading.incoming.origins import Origin, safe_id

_COLUMNS = {
    "canvas": {"student", "id"},
    "moodle worksheet": {"identifier", "full name"},
    "moodle grades": {"first name", "email address"},
    "list": {"id"},
}


@dataclass(frozen=True)
class Person:
    """A row of the list.

    Attributes:
        id: The student id.
        names: The name, in the forms in which a download may write it.
        numbers: What each system calls the student: {"canvas": "12"}.
        row: Where the row stands in `Roster.rows`.
    """

    id: str
    names: frozenset[str]
    numbers: dict[str, str]
    row: int


@dataclass(frozen=True)
class Roster:
    """A class list.

    Attributes:
        kind: "canvas", "moodle worksheet", "moodle grades" or "list".
        header: Its columns.
        rows: Its rows, each as long as the header.
        people: Those of its rows that are students.
    """

    kind: str
    header: list[str]
    rows: list[list[str]]
    people: list[Person]

    def find(self, origin: Origin) -> Person | None:
        """Who handed a file in: by the system's number, else by a name that only one has."""
        if origin.system == "folder":
            return next((p for p in self.people if p.id == safe_id(origin.person)), None)
        for person in self.people:
            if person.numbers.get(origin.system) == origin.person:
                return person
        name = _letters(origin.name)
        unnumbered = [p for p in self.people if origin.system not in p.numbers]
        alike = [p for p in unnumbered if name and name in p.names]
        return alike[0] if len(alike) == 1 else None

    def find_student(self, student: str, origin: Origin | None) -> Person | None:
        """Who has a student id, or else handed in the file that it was made for."""
        found = next((person for person in self.people if person.id == student), None)
        return found or (self.find(origin) if origin else None)

    def column(self, name: str) -> int | None:
        """Where a column stands, whatever its case."""
        headers = [title.strip().lower() for title in self.header]
        return headers.index(name.lower()) if name.lower() in headers else None


def read_roster(path: Path) -> Roster:
    """Read a class list.

    Raises:
        GradingError: The file is not a class list, or two rows have the same id.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except OSError as error:
        raise GradingError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise GradingError(f"{path} is not a CSV file in UTF-8: {error}.") from error
    header = table[0] if table else []
    titles = {title.strip().lower() for title in header}
    kinds = [kind for kind, columns in _COLUMNS.items() if columns <= titles]
    if not kinds:
        raise GradingError(
            f"{path} is not a class list. Take the gradebook that Canvas exports, Moodle's grading "
            "worksheet (with Moodle in English), or a CSV file with a column id and any of name, "
            "canvas_id, moodle_id."
        )
    rows = [[*row, *[""] * len(header)][: len(header)] for row in table[1:] if any(row)]
    empty = Roster(kinds[0], header, rows, [])
    people = [p for p in (_person(empty, number) for number in range(len(rows))) if p]
    for same, count in Counter(person.id.casefold() for person in people).items():
        if count > 1:
            raise GradingError(f"{path}: {count} rows have the student id {same}.")
    return Roster(kinds[0], header, rows, people)


def _person(roster: Roster, number: int) -> Person | None:
    row = roster.rows[number]

    def cell(name: str) -> str:
        place = roster.column(name)
        return "" if place is None else row[place].strip()

    if roster.kind == "canvas":
        name, candidates = cell("student"), ["sis login id", "sis user id", "id"]
        numbers = {"canvas": cell("id")}
        if "Points Possible" in name:
            return None
    elif roster.kind == "moodle worksheet":
        participant = re.sub(r"\D", "", cell("identifier"))
        name, candidates = cell("full name"), ["username", "id number", "email address"]
        numbers = {"moodle": participant}
    elif roster.kind == "moodle grades":
        name = f"{cell('first name')} {cell('surname') or cell('last name')}"
        candidates, numbers = ["username", "id number", "email address"], {}
    else:
        name, candidates = cell("name"), ["id"]
        numbers = {"canvas": cell("canvas_id"), "moodle": cell("moodle_id")}
    found = next((safe_id(cell(c)) for c in candidates if safe_id(cell(c))), "")
    found = found or (safe_id(f"{name}-{numbers['moodle']}") if numbers.get("moodle") else "")
    numbers = {system: text for system, text in numbers.items() if text}
    return Person(found, _forms(name), numbers, number) if found else None


def _forms(name: str) -> frozenset[str]:
    """`Doe, Jane` and `Jane Doe`, as the letters that are left of them in a file's name."""
    last, comma, first = name.partition(",")
    words = name.split()
    forms = {name, f"{first} {last}" if comma else name, " ".join([*words[-1:], *words[:-1]])}
    return frozenset(_letters(form) for form in forms if _letters(form))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
