"""Reads a class list, so that people of Moodle or Canvas get the student ids of the course.

A list may be the gradebook that Canvas exports, Moodle's grading worksheet in any language or its
grade export in English, or a CSV file of your own with a column `id` and any of `name` (or
`first_name` and `last_name`, as `nbgrader db student import` has them), `group`, `canvas_id` and
`moodle_id`. Moodle numbers people anew for each assignment.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.classroom import GradingError
from autograder.grading.incoming.origins import Origin, safe_id, student_id
from autograder.grading.incoming.worksheet import english_titles

_COLUMNS = {
    "canvas": {"student", "id"},
    "moodle worksheet": {"identifier", "full name"},
    "moodle grades": {"first name", "email address"},
    "list": {"id"},
}
_OWN = {"name", "first_name", "last_name", "group", "canvas_id", "moodle_id"}  # of one's own list
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Form:
    """How a CSV file is written, so that it can go back as it came.

    Attributes:
        separator: What stands between two cells.
        line_end: What ends a row.
        mark: True if it begins with the byte order mark of UTF-8.
        quoted: True if every cell of the header stands in quotation marks.
    """

    separator: str = ","
    line_end: str = "\r\n"
    mark: bool = False
    quoted: bool = False


PLAIN = Form()


@dataclass(frozen=True)
class Person:
    """A row of the list.

    Attributes:
        id: The student id.
        name: The name as it stands in the list.
        names: The name, in the forms in which a download may write it.
        numbers: What each system calls the student: {"canvas": "12"}.
        row: Where the row stands in `Roster.rows`.
    """

    id: str
    name: str
    names: frozenset[str]
    numbers: dict[str, str]
    row: int


@dataclass(frozen=True)
class Roster:
    """A class list.

    Attributes:
        kind: "canvas", "moodle worksheet", "moodle grades" or "list".
        header: Its columns.
        titles: The same in lower case, and in English where it is a worksheet.
        rows: Its rows, each as long as the header.
        people: Those of its rows that are students.
        form: How the file is written.
        notes: Which rows were left out, in sentences.
    """

    kind: str
    header: list[str]
    titles: list[str]
    rows: list[list[str]]
    people: list[Person]
    form: Form = PLAIN
    notes: tuple[str, ...] = ()

    def find(self, origin: Origin) -> Person | None:
        """Who handed a file in: by the system's number, else by a name that only one has.

        Moodle also numbers teams, so in its worksheet the name must not speak against the number.
        """
        if origin.system == "folder" or origin.login:
            same = student_id(origin)
            found = next((p for p in self.people if same and p.id == same), None)
            return found or self._by_name(self.people, origin.name or origin.person)
        if person := self.numbered(origin):
            certain = self.kind != "moodle worksheet" or _may_be(origin.name, person)
            return person if certain else None
        unnumbered = [p for p in self.people if origin.system not in p.numbers]
        return self._by_name(unnumbered, origin.name)

    @property
    def is_lasting(self) -> bool:
        """True if its student ids are the same all term, not made for one assignment of Moodle."""
        made = (_made_of(p.name, p.numbers.get("moodle", "")) for p in self.people)
        pairs = zip(self.people, made, strict=True)
        return self.kind != "moodle worksheet" or all(p.id != one for p, one in pairs)

    def numbered(self, origin: Origin) -> Person | None:
        """Who has the system's number of whoever handed a file in."""
        numbers = ((person, person.numbers.get(origin.system)) for person in self.people)
        return next((person for person, number in numbers if number == origin.person), None)

    def _by_name(self, people: list[Person], name: str) -> Person | None:
        letters = _letters(name)
        alike = [p for p in people if letters and letters in p.names]
        return alike[0] if len(alike) == 1 else None

    def team(self, name: str) -> list[Person]:
        """The members of a team; empty if no team is certain to be called so."""
        letters = _letters(name)
        groups = [place for place, title in enumerate(self.titles) if title == "group"]
        alike = {
            (place, row[place].strip())
            for place in groups
            for row in self.rows
            if letters and _letters(row[place]) == letters
        }
        exact = {one for one in alike if one[1] == name}
        if len(exact or alike) != 1:
            return []
        ((place, group),) = exact or alike
        return [p for p in self.people if self.rows[p.row][place].strip() == group]

    def find_student(self, student: str, origin: Origin | None) -> Person | None:
        """Who has a student id, or else handed in the file that it was made for."""
        found = next((person for person in self.people if person.id == student), None)
        return found or (self.find(origin) if origin else None)

    def column(self, name: str) -> int | None:
        """Where a column stands, by its English title in lower case."""
        return self.titles.index(name) if name in self.titles else None


def read_roster(path: Path) -> Roster:
    """Read a class list.

    Raises:
        GradingError: The file is not a class list, or two rows have the same id.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
        form = _form(text, content.startswith(_MARK))
        table = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=form.separator, strict=True)
        )
    except OSError as error:
        raise GradingError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise GradingError(f"{path} is not a CSV file in UTF-8: {error}.") from error
    header = table[0] if table else []
    rows = [[*row, *[""] * len(header)][: len(header)] for row in table[1:] if any(row)]
    kind, titles = _kind(header, rows)
    if not kind:
        raise GradingError(
            f"{path} is not a class list. Take the gradebook that Canvas exports, Moodle's grading "
            "worksheet, or a CSV file with a column id and any of name, group, canvas_id, "
            "moodle_id."
        )
    roster = Roster(kind, header, titles, rows, [], form)
    notes: list[str] = []
    people = [p for p in (_person(roster, number, notes) for number in range(len(rows))) if p]
    for same, count in Counter(person.id.casefold() for person in people).items():
        if count > 1:
            raise GradingError(f"{path}: {count} rows have the student id {same}.")
    return replace(roster, people=people, notes=tuple(notes))


def _form(text: str, mark: bool) -> Form:
    lines = text.splitlines(keepends=True)
    first = lines[0] if lines else ""
    header = first.rstrip("\r\n")
    separator = max(",;\t", key=lambda one: len(next(csv.reader([header], delimiter=one), [])))
    end = first[len(header) :] or "\r\n"
    quoted = all(c[:1] == c[-1:] == '"' for c in header.split(separator)) if header else False
    return Form(separator, end, mark, quoted)


def _kind(header: list[str], rows: list[list[str]]) -> tuple[str, list[str]]:
    """What a table is, and its titles; an empty text if it is no class list."""
    titles = [title.strip().lower() for title in header]
    kinds = [kind for kind, columns in _COLUMNS.items() if columns <= {*titles}]
    if kinds[:1] in ([], ["list"]) and not _OWN & {*titles}:
        worksheet = english_titles(rows)
        return ("moodle worksheet", worksheet) if worksheet else ("".join(kinds), titles)
    return (kinds[0] if kinds else ""), titles


def _person(roster: Roster, number: int, notes: list[str]) -> Person | None:
    """The person of a row; None, mostly with a note, where it is no student's."""
    row = roster.rows[number]

    def cell(name: str) -> str:
        place = roster.column(name)
        return "" if place is None else row[place].strip()

    if roster.kind == "canvas":
        name, candidates = cell("student"), ["sis login id", "sis user id", "id"]
        numbers = {"canvas": cell("id")}
        if "Points Possible" in name or not (name or any(cell(c) for c in candidates)):
            return None  # rows of Canvas' own
        if _is_test_student(name, cell("sis user id"), cell("sis login id")):
            notes.append(f"{name} is the test student of Canvas and was left out.")
            return None
    elif roster.kind == "moodle worksheet":
        participant = re.sub(r"\D", "", cell("identifier"))
        name, candidates = cell("full name"), ["username", "id number", "email address"]
        numbers = {"moodle": participant}
    elif roster.kind == "moodle grades":
        name = f"{cell('first name')} {cell('surname') or cell('last name')}".strip()
        candidates, numbers = ["username", "id number", "email address"], {}
    else:
        parts = [cell("last_name"), cell("first_name")]
        name, candidates = cell("name") or ", ".join(filter(None, parts)), ["id"]
        numbers = {"canvas": cell("canvas_id"), "moodle": cell("moodle_id")}
    found = next((safe_id(cell(c)) for c in candidates if safe_id(cell(c))), "")
    found = found or _made_of(name, numbers.get("moodle", ""))
    numbers = {system: text for system, text in numbers.items() if text}
    if not found:
        notes.append(f"{name or 'A row without a name'} has no id in the class list: left out.")
        return None
    names = _forms(name)
    if roster.kind == "moodle worksheet":  # anonymous grading calls everyone "Participant"
        names |= _forms(re.sub(r"\d", "", cell("identifier")))
    return Person(found, name, names, numbers, number)


def _made_of(name: str, number: str) -> str:
    """The student id of whom a worksheet gives none."""
    return safe_id(f"{name}-{number}") if number else ""


def _is_test_student(name: str, user: str, login: str) -> bool:
    """Canvas gives its test student a name that is translated, and a login that is a hash."""
    return not user and (
        bool(re.fullmatch(r"[0-9a-f]{40}", login))
        or name.lower() in ("student, test", "test student")
    )


def _may_be(name: str, person: Person) -> bool:
    """Return True if a name in a download does not speak against a person of the list."""
    letters = _letters(name)
    if not letters or not person.name or letters in person.names:
        return True
    one, other = sorted((_words(name), _words(person.name)), key=len)
    shared = any(len(word) > 1 for word in {*one} & {*other})
    return shared and all(any(w.startswith(v) or v.startswith(w) for w in other) for v in one)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())


def _forms(name: str) -> frozenset[str]:
    """`Doe, Jane` and `Jane Doe`, as the letters that are left of them in a file's name."""
    last, comma, first = name.partition(",")
    words = name.split()
    forms = {name, f"{first} {last}" if comma else name, " ".join([*words[-1:], *words[:-1]])}
    return frozenset(_letters(form) for form in forms if _letters(form))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())
