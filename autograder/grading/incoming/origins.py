"""Whose submission a file is: what Moodle and Canvas write into the names of a download.

`collect` reads names and remembers, for each assignment, what each student's file was called in
classroom/collected/ASSIGNMENT.json; the exports need it, because both systems find the student of
a feedback file by the same name.

- Moodle: a folder `Jane Doe_98_assignsubmission_file_` (without the last `_` since 4.1) or files
  that begin so. 98 is the participant's number, as in the grading worksheet's "Participant 98".
- Canvas: `doejane_LATE_12_345_name.ipynb`; 12 is the user's id, as in the gradebook's column ID,
  and 345 the attachment's, which grows with every upload. `anon_Ab3dE_345_name.ipynb` where
  grading is anonymous.
"""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError

_MOODLE = re.compile(
    r"(?P<name>[^_]*)_(?P<person>[0-9]+)_assignsubmission_(?P<plugin>[a-z]+)(_.*)?", re.DOTALL
)
_CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?P<person>[0-9]+|anon_[0-9A-Za-z]+)_"
    r"(?P<attempt>[0-9]+)_.+",
    re.DOTALL,
)
_SAFE_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,99}")


@dataclass(frozen=True)
class Origin:
    """Where a file comes from.

    Attributes:
        system: "moodle", "canvas", or "folder" for a folder or archive named by the student's id.
        person: The system's number of the student, or the student's id.
        name: The student's name as the system wrote it.
        file: The part of the path that says so.
        attempt: Grows from one upload to the next; 0 where the system does not say.
        late: True if the system marked it as late.
        written: The file's time (ISO, UTC), which may be that of the download; empty if unknown.
    """

    system: str
    person: str
    name: str
    file: str
    attempt: int = 0
    late: bool = False
    written: str = ""


def origin_of(path: tuple[str, ...], assignments: list[str]) -> Origin | None:
    """What a path says of the student; None if it says nothing.

    Only its first part can name a student of Moodle or Canvas: the others may be the student's.
    """
    first = path[0]
    if found := _MOODLE.fullmatch(first):
        return Origin("moodle", found["person"], found["name"], first)
    if found := _CANVAS.fullmatch(first):
        attempt = int(found["attempt"][:18])
        late = bool(found["late"])
        return Origin("canvas", found["person"], found["name"] or "", first, attempt, late)
    if is_download(path):
        return None
    if len(path) == 2 or (len(path) == 3 and path[1] in assignments):
        person = re.sub(r"\.zip$", "", first, flags=re.IGNORECASE)
        return Origin("folder", person, "", first)
    return None


def is_download(path: tuple[str, ...]) -> bool:
    """Return True if the path's first part names a whole download, not a student."""
    inside = path[1:2]
    return any(_MOODLE.fullmatch(part) or _CANVAS.fullmatch(part) for part in inside)


def is_typed_text(path: tuple[str, ...]) -> bool:
    """Return True if Moodle or Canvas made the file from what a student typed into a form."""
    found = _MOODLE.fullmatch(path[0])
    return (found and found["plugin"] == "onlinetext") or path[0].endswith("_text.html")


def student_id(origin: Origin) -> str:
    """A student id made of what the system says; safe as a folder's name."""
    if origin.system == "folder":
        return safe_id(origin.person)
    return safe_id(f"{_plain(origin.name)}-{origin.person}".strip("-"))


def safe_id(text: str) -> str:
    """The text itself if it is safe as a folder's name and in a glob, else what is left of it."""
    return text if _SAFE_ID.fullmatch(text) else _plain(text)[:100].strip("-")


def remembered(classroom: Classroom, assignment: str) -> dict[str, Origin]:
    """For each student, what the file that was collected came from.

    Raises:
        GradingError: The file that remembers it is damaged.
    """
    path = _memory(classroom, assignment)
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {student: Origin(**details) for student, details in found.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise GradingError(f"{path} is damaged; delete it and collect again.") from error


def remember(classroom: Classroom, assignment: str, origins: dict[str, Origin]) -> None:
    """Add to what is remembered."""
    if not origins:
        return
    known = {**remembered(classroom, assignment), **origins}
    text = json.dumps({s: asdict(o) for s, o in sorted(known.items())}, indent=1)
    write_whole(_memory(classroom, assignment), text.encode())


def _memory(classroom: Classroom, assignment: str) -> Path:
    return classroom.folder / "collected" / f"{assignment}.json"


def _plain(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
