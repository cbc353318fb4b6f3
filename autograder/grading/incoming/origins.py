"""Whose submission a file is, what their student id is, and what is remembered of it.

`schemes` reads it from names. For each assignment, `remember` keeps what each student's file was
called in classroom/collected/ASSIGNMENT.json; the exports need it, because Moodle and Canvas find
the student of a feedback file by the same name.
"""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError

_SAFE_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,99}")


@dataclass(frozen=True)
class Origin:
    """Where a file comes from.

    Attributes:
        system: The system, "moodle team" where it is a team's, or "folder" for a folder or archive
            named by the student's id.
        person: The system's number of the student, or the student's id.
        name: The student's name as the system wrote it.
        file: The part of the path that says so.
        attempt: Grows from one upload to the next; 0 where the system does not say.
        late: True if the system marked it as late.
        written: The file's time (ISO, UTC), which may be that of the download; empty if unknown.
        login: The student id, where the system says it, too.
    """

    system: str
    person: str
    name: str
    file: str
    attempt: int = 0
    late: bool = False
    written: str = ""
    login: str = ""


def student_id(origin: Origin) -> str:
    """A student id made of what the system says; safe as a folder's name."""
    if origin.system == "folder" or origin.login:
        return safe_id(origin.login or origin.person)
    return safe_id(f"{_plain(origin.name)}-{origin.person}".strip("-"))


def is_safe_id(text: str) -> bool:
    """Return True if a text can be a student id as it is."""
    return bool(_SAFE_ID.fullmatch(text))


def safe_id(text: str) -> str:
    """The text itself if it is safe as a folder's name and in a glob, else what is left of it."""
    return text if is_safe_id(text) else _plain(text)[:100].strip("-")


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
