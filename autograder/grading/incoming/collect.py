"""Puts a download of Moodle or Canvas, or a folder, into classroom/submitted/.

Of several notebooks of one student the newest counts. What was handed in before stays if it is the
same, moves to classroom/backups/submitted/ if the new one is newer, and otherwise stays unless the
instructor forces it out. nbgrader's `zip_collect` is not used: it unpacks archives as they come,
endless ones included, before it looks at a name. Its file-name pattern is: set
`c.FileNameCollectorPlugin.named_regexp` in nbgrader_config.py for other systems' names.
"""

import os
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import parse_utc

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.incoming.archives import Found, notebooks
from autograder.grading.incoming.origins import (
    Origin,
    is_download,
    is_typed_text,
    origin_of,
    remember,
    remembered,
    safe_id,
    student_id,
)
from autograder.grading.incoming.roster import Roster

_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([^"\\]{1,200})"')
_COPY = r"(?:[-_ ]+(?:copy)?[-_ ]*([0-9]{1,4})|[-_ ]*\(([0-9]{1,4})\)|[-_ ]copy)?"
_ONE_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """What became of one file.

    Attributes:
        file: Its path in the download.
        student: Whose it is; empty if that is not known.
        assignment: What it is; empty if that is not known.
        status: "new", "replaced", "as before", "older", or "not placed".
        note: The reason, or what else there is to say.
    """

    file: str
    student: str
    assignment: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class _Candidate:
    """A notebook that is known to be somebody's work on an assignment."""

    path: tuple[str, ...]
    origin: Origin
    certain: int  # 2: its cells are the assignment's; 1: its name is; 0: the instructor said so
    copy: int  # the N of a name that ends in -N or (N)
    modified: datetime | None
    content: Path

    def age(self) -> tuple:
        """Sorts the one that counts to the end."""
        time = self.modified.timestamp() if self.modified else 0.0
        return self.certain, self.origin.attempt, self.copy, time


def collect(
    classroom: Classroom,
    source: Path,
    assignment: str | None = None,
    roster: Roster | None = None,
    force: bool = False,
    student: str = "",
) -> list[Line]:
    """Place every notebook of a download; say what became of each file.

    Args:
        classroom: The class.
        source: A zip archive or a folder.
        assignment: What the notebooks are; by default their cells or their names tell.
        roster: Gives people their student ids; only who is on it is taken.
        force: Replace also what is not known to be older.
        student: Whose everything is; by default the files' names tell.

    Raises:
        GradingError: The source cannot be read, or there is no such assignment.
    """
    if assignment:
        classroom.instructor_notebook(NotebookRef(assignment))
    known = {name: _grade_ids_of(classroom, name) for name in classroom.assignments()}
    plugin = FileNameCollectorPlugin(config=classroom.config(""))
    lines: list[Line] = []
    found: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    classroom.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=classroom.folder, prefix=".collecting-") as staging:
        for number, file in enumerate(notebooks(source)):
            try:
                whom, origin = _whose(file, known, plugin, roster, student)
                content = file.content
                if content is None:
                    raise _NotPlaced(file.refused, whom)
                what, certain = _which(file.path[-1], content, known, assignment, whom)
            except _NotPlaced as reason:
                if not is_typed_text(file.path):
                    lines.append(_line(file.path, reason.student, "", "not placed", str(reason)))
                continue
            if file.modified:
                origin = replace(origin, written=file.modified.isoformat())
            kept = Path(staging, str(number))
            kept.write_bytes(content)
            copy = _copy_number(file.path[-1], what) or 0
            found[whom, what].append(
                _Candidate(file.path, origin, certain, copy, file.modified, kept)
            )
        lines += _place_all(classroom, _without_false_times(found), force)
    return lines


class _NotPlaced(Exception):
    def __init__(self, reason: str, student: str = "") -> None:
        super().__init__(reason)
        self.student = student


def _whose(
    file: Found,
    known: dict[str, set[str]],
    plugin: FileNameCollectorPlugin,
    roster: Roster | None,
    student: str,
) -> tuple[str, Origin]:
    """The student id, and what told it."""
    if student:
        return student, Origin("folder", student, "", file.path[0])
    origin = _by_pattern(file.path, plugin) or origin_of(file.path, list(known))
    if origin is None:
        reason = file.refused or "its name says no student"
        if is_download(file.path):
            reason = f"{file.path[0]} is a download of its own: collect it by itself"
        raise _NotPlaced(reason)
    if roster:
        person = roster.find(origin)
        if person is None:
            who = f"{origin.name} {origin.person}".strip()
            raise _NotPlaced(f"{who} is not on the roster, or several people are called so")
        return person.id, origin
    whom = student_id(origin)
    if not whom:
        raise _NotPlaced("its name leaves no letters for a student id")
    return whom, origin


def _by_pattern(path: tuple[str, ...], plugin: FileNameCollectorPlugin) -> Origin | None:
    """What the instructor's own pattern says of a path."""
    groups = plugin.collect("/".join(path)) if plugin.named_regexp else None
    person = safe_id((groups or {}).get("student_id") or "")
    return Origin("folder", person, "", path[0]) if person else None


def _which(
    name: str, content: bytes, known: dict[str, set[str]], wanted: str | None, student: str
) -> tuple[str, int]:
    """The assignment that a notebook is, and how sure that is."""
    # Searched, not parsed: what is not a notebook is placed, too, and graded as such.
    ids = {match.decode(errors="replace") for match in _GRADE_ID.findall(content)}
    shared = {one: len(ids & cells) for one, cells in known.items()}
    best = max((one for one in shared if shared[one]), key=lambda one: shared[one], default="")
    by_cells = best if best and list(shared.values()).count(shared[best]) == 1 else ""
    names = [one for one in known if _copy_number(name, one) is not None]
    by_name = max(names, key=len, default="")
    found = by_cells or by_name
    if wanted and found not in ("", wanted):
        raise _NotPlaced(f"it is {found}, not {wanted}", student)
    if not wanted and not found:
        raise _NotPlaced("it does not match any assignment; name one with --assignment", student)
    return wanted or found, 2 if by_cells else 1 if by_name else 0


def _copy_number(name: str, assignment: str) -> int | None:
    """The N of ASSIGNMENT-N, ASSIGNMENT (N) or ASSIGNMENT-CopyN, 0 of ASSIGNMENT; else None."""
    stem = name.rpartition(".")[0].casefold()
    pattern = rf"(?:.*_)?{re.escape(assignment.casefold())}{_COPY}"
    found = re.fullmatch(pattern, stem, re.DOTALL)
    return int(found[1] or found[2] or 0) if found else None


def _grade_ids_of(classroom: Classroom, assignment: str) -> set[str]:
    path = classroom.instructor_notebook(NotebookRef(assignment))
    return {*cells.by_id(nbformat.read(path, as_version=4).cells)}


def _without_false_times(
    found: dict[tuple[str, str], list[_Candidate]],
) -> dict[tuple[str, str], list[_Candidate]]:
    """Forget times that are the download's, not the students'.

    Canvas stamps all files with the moment of the download, and so do some versions of Moodle.
    """
    students = {student for student, _ in found}
    times = [c.modified for group in found.values() for c in group if c.modified]
    at_once = len(students) > 1 and times and max(times) - min(times) < _ONE_MOMENT
    return {
        key: [
            replace(c, modified=None) if at_once or c.origin.system == "canvas" else c
            for c in group
        ]
        for key, group in found.items()
    }


def _place_all(
    classroom: Classroom, found: dict[tuple[str, str], list[_Candidate]], force: bool
) -> list[Line]:
    lines = []
    people = defaultdict(set)
    for (student, _), group in found.items():
        people[student] |= {(c.origin.system, c.origin.person) for c in group}
    submitted = classroom.folder / "submitted"
    spelled = {p.name.casefold(): p.name for p in submitted.glob("*")}
    origins: dict[str, dict[str, Origin]] = defaultdict(dict)
    for (student, assignment), group in sorted(found.items()):
        group.sort(key=_Candidate.age)
        *others, best = group
        reason = ""
        if len(people[student]) > 1:
            who = " and ".join(sorted(person for _, person in people[student]))
            reason = f"{who} would have the same student id"
        elif spelled.setdefault(student.casefold(), student) != student:
            reason = f"there is {spelled[student.casefold()]}, which some systems take for the same"
        if reason:
            lines += [_line(c.path, student, assignment, "not placed", reason) for c in group]
            continue
        before = remembered(classroom, assignment).get(student)
        try:
            status, note = _place(classroom, student, assignment, best, before, force)
        except OSError as error:
            status, note = "not placed", f"it cannot be written: {error.strerror or error}"
        if best.origin.late:
            note = "; ".join(filter(None, [note, "Canvas says: late"]))
        lines.append(_line(best.path, student, assignment, status, note))
        newer = f"{best.path[-1]} counts"
        lines += [_line(c.path, student, assignment, "older", newer) for c in others]
        if status != "not placed":
            origins[assignment][student] = best.origin
    for assignment, those in origins.items():
        remember(classroom, assignment, those)
    return lines


def _place(
    classroom: Classroom,
    student: str,
    assignment: str,
    new: _Candidate,
    before: Origin | None,
    force: bool,
) -> tuple[str, str]:
    """Move a notebook into its folder, unless what is there must stay; the status and a note."""
    target = classroom.submitted(student, assignment)
    if target.is_symlink() or target.parent.is_symlink():
        return "not placed", f"{target} is a link"
    notebook = target / NotebookRef(assignment).file
    there = notebook.is_file() and not notebook.is_symlink()
    if there and notebook.read_bytes() == new.content.read_bytes():
        return "as before", ""
    replaces = target.exists()
    if replaces and any(target.iterdir()) and not force and not _newer(new, before, target):
        note = "what is there differs and is not known to be older; --force replaces it"
        return "not placed", note
    fresh = new.content.with_suffix(".folder")
    fresh.mkdir()
    os.replace(new.content, fresh / notebook.name)
    if new.modified:
        (fresh / "timestamp.txt").write_text(f"{new.modified:%Y-%m-%d %H:%M:%S} UTC\n")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not replaces:
        os.replace(fresh, target)
        return "new", ""
    moment = f"{datetime.now():%Y%m%d-%H%M%S-%f}"
    backup = classroom.folder / "backups" / "submitted" / student / f"{assignment}-{moment}"
    backup.parent.mkdir(parents=True, exist_ok=True)
    os.replace(target, backup)
    os.replace(fresh, target)
    return "replaced", f"the one before is in {backup.relative_to(classroom.folder)}"


def _newer(new: _Candidate, before: Origin | None, target: Path) -> bool:
    """Return True if a notebook is known to be newer than what is there."""
    now = new.origin
    if before and (before.system, before.person) == (now.system, now.person):
        if before.attempt and now.attempt:
            return now.attempt > before.attempt
        if before.written and now.written:  # a later download holds the later attempt
            return now.written > before.written
    stamp = target / "timestamp.txt"
    if not new.modified or not stamp.is_file():
        return False
    try:
        return new.modified.replace(tzinfo=None) > parse_utc(stamp.read_text().strip())
    except ValueError:
        return False


def _line(path: tuple[str, ...], student: str, assignment: str, status: str, note: str) -> Line:
    return Line("/".join(path), student, assignment, status, note)
