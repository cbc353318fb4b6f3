"""Reads out of the names of a download whose each file is.

- Moodle: a folder `Jane Doe_98_assignsubmission_file_` (without the last `_` since 4.1) or files
  that begin so. 98 is the participant's number, as in the grading worksheet's "Participant 98".
  Where teams hand in, it is the team's name and number; those without a team have no number.
- Canvas: `doejane_LATE_12_345_name.ipynb`; 12 is the user's id, as in the gradebook's column ID,
  and 345 the attachment's, which grows with every upload. `anon_Ab3dE_345_name.ipynb` where
  grading is anonymous.
- Blackboard: `Title_jdoe_attempt_2026-09-30-09-15-00_name.ipynb`.
- D2L Brightspace: `5012-7744 - Jane Doe - Sep 30, 2026 915 AM - name.ipynb`, or a folder without
  the last part; 5012 is the user's number.
- ILIAS: a folder `Doe_Jane_jdoe_4711`; 4711 is the user's number.
- nbgrader: `submitted/STUDENT/ASSIGNMENT/`, and a folder `STUDENT+ASSIGNMENT+TIME+RANDOM` of the
  exchange's `inbound/`.
- GitHub Classroom: a repository `ASSIGNMENT-USER`.

Everything else is a folder or an archive that is called as the student.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from autograder.grading.incoming.origins import Origin

_MOODLE = re.compile(
    r"(?P<name>[^_]*)(_(?P<person>[0-9]+))?_assignsubmission_(?P<plugin>[a-z]+)(_(?P<file>.*))?",
    re.DOTALL,
)
_CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?P<person>[0-9]+|anon_[0-9A-Za-z]+)_"
    r"(?P<attempt>[0-9]+)_(?P<file>.+)",
    re.DOTALL,
)
_BLACKBOARD = re.compile(
    r"(?:.*?_)??(?P<person>[^_]+)_attempt_(?P<time>[0-9]{4}(?:-[0-9]{2}){5})"
    r"(?:_(?P<file>.*)|\.txt)?",
    re.DOTALL,
)
_D2L = re.compile(
    r"(?P<person>[0-9]+)-[0-9]+ - (?P<name>.+?) - "
    r"(?P<day>\w+\.? \w+,? [0-9]{4}),? (?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})"
    r"(?: ?(?P<half>[AP]M))?(?: - (?P<file>.*))?",
    re.DOTALL,
)
_ILIAS = re.compile(r"(?P<last>[^_]+)_(?P<first>[^_]+)_(?P<login>[^_]+)_(?P<person>[0-9]{2,})")
_EXCHANGE = re.compile(
    r"(?P<person>.+)\+(?P<assignment>[^+]+)\+"
    r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+ [^ ]+?)(?:\+[A-Za-z0-9_=-]{12})?"
)
_UPLOADED = re.compile(r"\A[0-9]{14}_")  # how ILIAS begins a file's name


@dataclass(frozen=True)
class Place:
    """Where a file lies in what a student handed in at a time.

    Attributes:
        folder: The same for all files that lie side by side; of a flat download, how their names
            begin.
        name: What the student called the file.
        attempt: Grows from one upload of the file to the next, where only its name says so.
    """

    folder: tuple[str, ...]
    name: str
    attempt: int = 0


def place_of(path: tuple[str, ...], one_students: bool = False) -> Place | None:
    """Where a file of a download lies; None if files of several students lie there.

    Args:
        path: The folders and the name.
        one_students: True if the whole download is one student's, whatever the names seem to say.
    """
    *folders, name = path
    if folders or one_students:
        uploaded = len(folders) == 1 and _ILIAS.fullmatch(folders[0]) and not one_students
        return Place((*folders,), _UPLOADED.sub("", name, count=1) if uploaded else name)
    for pattern in (_D2L, _MOODLE, _CANVAS, _BLACKBOARD):  # as in `_of_a_system`
        if found := pattern.fullmatch(name):
            canvas = pattern is _CANVAS  # which numbers the files, not the submissions
            before = found.start("attempt" if canvas else "file")
            attempt = int(found["attempt"][:18]) if canvas else 0
            return Place((name[:before],), found["file"], attempt) if found["file"] else None
    return None


def origin_of(path: tuple[str, ...], assignments: list[str], slug: str = "") -> Origin | None:
    """What a path says of the student; None if it says nothing.

    Only its first part can name a student of a system: the others may be the student's.

    Args:
        path: The folders and the name.
        assignments: The course's.
        slug: What GitHub Classroom called the assignment, if that is known.
    """
    first = path[0]
    if first in ("submitted", "inbound") and len(path) > 2:
        return origin_of(path[1:], assignments)
    if found := _of_a_system(first):
        return found
    courses_own = first in ("notebooks", "solutions", *assignments)
    if courses_own or len(path) == 1 or download_inside(path):
        return None
    person = re.sub(r"\.zip$", "", first, flags=re.IGNORECASE)
    for title in (slug, *assignments):
        if title and person.lower().startswith(f"{title.lower()}-"):
            return Origin("folder", person[len(title) + 1 :], "", first)
    return Origin("folder", person, "", first)


def _of_a_system(first: str) -> Origin | None:
    """What a name says; those come first in which nothing of a student's stands before its end."""
    if found := _D2L.fullmatch(first):
        return Origin("d2l", found["person"], found["name"], first, _minutes(found))
    if found := _MOODLE.fullmatch(first):
        system = "moodle" if found["person"] else "moodle team"
        return Origin(system, found["person"] or "", found["name"], first)
    if found := _CANVAS.fullmatch(first):
        attempt = int(found["attempt"][:18])
        late = bool(found["late"])
        return Origin("canvas", found["person"], found["name"] or "", first, attempt, late)
    if found := _BLACKBOARD.fullmatch(first):
        attempt = int(found["time"].replace("-", ""))
        return Origin("blackboard", found["person"], "", first, attempt, login=found["person"])
    if found := _EXCHANGE.fullmatch(first):
        return Origin("nbgrader", found["person"], "", first, login=found["person"])
    if found := _ILIAS.fullmatch(first):
        name = f"{found['first']} {found['last']}"
        return Origin("ilias", found["person"], name, first, login=found["login"])
    return None


def _minutes(found: re.Match[str]) -> int:
    """The time in a name of D2L's, of which only the order is used: its zone is not known."""
    for form in ("%b %d %Y", "%B %d %Y", "%d %B %Y", "%d %b %Y"):
        try:
            day = datetime.strptime(re.sub(r"[.,]", "", found["day"]), form)
        except ValueError:
            continue
        hour = int(found["hour"]) % 12 + 12 * (found["half"] == "PM")
        hour = hour if found["half"] else int(found["hour"])
        return (day.toordinal() * 24 + hour) * 60 + int(found["minute"])
    return 0


def download_inside(path: tuple[str, ...]) -> str:
    """The folder or archive of a path that is a whole download, no student's; mostly empty."""
    for depth, part in enumerate(path[1:3], 1):
        found = _of_a_system(part)
        if found and (depth == 1 or found.system in ("moodle", "moodle team", "ilias", "nbgrader")):
            return "/".join(path[:depth])
    return ""


def is_of_no_team(path: tuple[str, ...]) -> bool:
    """Return True if Moodle's teams handed in, and this comes from those who are in none."""
    found = _MOODLE.fullmatch(path[0])
    return bool(found and not found["person"])


def is_in_tree(path: tuple[str, ...]) -> bool:
    """Return True for submitted/STUDENT/ASSIGNMENT/FILE."""
    return path[0] == "submitted" and len(path) == 4


def is_typed_text(path: tuple[str, ...]) -> bool:
    """Return True if Moodle or Canvas made the file from what a student typed into a form."""
    found = _MOODLE.fullmatch(path[0])
    return (found and found["plugin"] == "onlinetext") or path[0].endswith("_text.html")


def sent_at(path: tuple[str, ...]) -> str:
    """The time, with its zone, that nbgrader's exchange puts into a folder's name; or empty."""
    names = (part for part in path[:2] if "+" in part)
    found = next((match for name in names if (match := _EXCHANGE.fullmatch(name))), None)
    return found["time"] if found else ""


def is_receipt(path: tuple[str, ...]) -> bool:
    """Return True for what nbgrader lays beside a submission."""
    return path[-1] in ("timestamp.txt", "submission_secret.txt")
