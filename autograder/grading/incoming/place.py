"""Puts what `collect` found into classroom/submitted/STUDENT/ASSIGNMENT/, with what lies beside it.

Of several notebooks of one student the newest counts or, where no times are known, the one that is
called exactly as the assignment. What was handed in before stays if it is the same, moves to
classroom/backups/submitted/ if the new one is newer, and otherwise stays unless the instructor
forces it out.
"""

import os
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from autograder.grading.classroom import Classroom
from autograder.grading.incoming.origins import Origin, remember, remembered
from autograder.grading.incoming.schemes import is_in_tree
from autograder.grading.submission.beside import read_beside
from autograder.grading.submission.intake import time_of

_ONE_MOMENT = timedelta(seconds=2)  # as exactly as a zip archive knows
_NEWEST = "the newest"
_NAMED = 5  # files that a note names


@dataclass(frozen=True)
class Line:
    """What became of one file.

    Attributes:
        file: Its path in the download.
        student: Whose it is; empty if that is not known.
        assignment: What it is; empty if that is not known.
        status: "new", "replaced", "as before", "older", "other" (another of the student's files
            counts, and neither is known to be older), or "not placed".
        note: The reason, or what else there is to say.
        guessed: True if its time is an archive's, which names no time zone.
    """

    file: str
    student: str
    assignment: str
    status: str
    note: str = ""
    guessed: bool = False


@dataclass(frozen=True)
class Candidate:
    """A notebook that is known to be somebody's work on an assignment.

    It lies in a folder of its own, which becomes the student's.
    """

    path: tuple[str, ...]
    origin: Origin
    certain: int  # 2: its cells are the assignment's; 1: its name is; 0: the instructor said so
    exact: bool  # called exactly as the assignment
    copy: int  # the N of a name that ends in -N or (N)
    modified: datetime | None
    saved: datetime | None
    zoned: bool  # the time zone of `modified` is known
    content: Path
    note: str = ""
    why: str = ""  # of several it is the one that counts

    @property
    def is_told_when(self) -> bool:
        """True if the time is what the system tells, not that of a file."""
        return self.origin.system in ("gradescope", "nbgrader") or is_in_tree(self.path)


def best_of(group: list[Candidate]) -> Candidate:
    """Which notebook of a student counts, with the reason."""
    certain = [c for c in group if c.certain == max(c.certain for c in group)]
    if len(certain) == 1 < len(group):
        return replace(certain[0], why="the only one with the assignment's cells")
    latest = max(c.origin.attempt for c in certain)
    left = [c for c in certain if c.origin.attempt == latest]
    for times in ([c.modified for c in left], [c.saved for c in left]):
        known = [time for time in times if time]
        if len(known) == len(left):
            newest = max(known)
            left = [c for c, t in zip(left, known, strict=True) if newest - t <= _ONE_MOMENT]
    if len(left) == 1:
        return replace(left[0], why=_NEWEST)
    chosen = max(left, key=lambda c: (c.exact, c.copy, c.path))
    why = "the one of that exact name" if chosen.exact else "the last by name"
    return replace(chosen, why=why)


def place_all(
    classroom: Classroom,
    found: dict[tuple[str, str], list[Candidate]],
    chosen: dict[tuple[str, str], Candidate],
    force: bool,
) -> list[Line]:
    """Place what was found, by student and assignment; say what became of each file.

    Args:
        classroom: The class.
        found: All notebooks.
        chosen: Those that count, with their files beside them.
        force: Replace also what is not known to be older.
    """
    lines = []
    people = defaultdict(set)
    for (student, _), group in found.items():
        people[student] |= {(c.origin.system, c.origin.person) for c in group}
    submitted = classroom.folder / "submitted"
    spelled = {p.name.casefold(): p.name for p in submitted.glob("*")}
    origins: dict[str, dict[str, Origin]] = defaultdict(dict)
    for (student, assignment), group in sorted(found.items()):
        best = chosen[student, assignment]
        others = [c for c in group if c.content != best.content]
        different = len({sha256(c.content.read_bytes()).digest() for c in group})
        reason = ""
        if len(people[student]) > 1:
            who = " and ".join(sorted(person for _, person in people[student]))
            reason = f"{who} would have the same student id"
            if any(system == "moodle team" for system, _ in people[student]):
                reason = "two teams are called so, or have the same member"
        elif spelled.setdefault(student.casefold(), student) != student:
            reason = f"there is {spelled[student.casefold()]}, which some systems take for the same"
        if reason:
            lines += [line(c.path, student, assignment, "not placed", reason) for c in group]
            continue
        beside = [*read_beside(best.content.parent, best.content.name).files]
        before = remembered(classroom, assignment).get(student)
        try:
            status, note = _place(classroom, student, assignment, best, before, force)
        except OSError as error:
            status, note = "not placed", f"it cannot be written: {error.strerror or error}"
        more = [f"{len(beside) - _NAMED} more"] if len(beside) > _NAMED else []
        with_them = f"with {', '.join(beside[:_NAMED] + more)}" if beside else ""
        late = "Canvas says: late" if best.origin.late else ""
        of_several = f"{best.why} counts of {different} that differ" if different > 1 else ""
        note = "; ".join(filter(None, [with_them, note, late, of_several, best.note]))
        guessed = bool(best.modified) and not best.zoned and status in ("new", "replaced")
        said = line(best.path, student, assignment, status, note)
        lines.append(replace(said, guessed=guessed))
        counts, state = f"{best.path[-1]} counts", "older" if best.why == _NEWEST else "other"
        lines += [line(c.path, student, assignment, state, counts) for c in others]
        if status != "not placed":
            origins[assignment][student] = best.origin
    for assignment, those in origins.items():
        remember(classroom, assignment, those)
    return lines


def _place(
    classroom: Classroom,
    student: str,
    assignment: str,
    new: Candidate,
    before: Origin | None,
    force: bool,
) -> tuple[str, str]:
    """Move a notebook's folder to its place, unless what is there must stay; status and note."""
    target = classroom.submitted(student, assignment)
    if target.is_symlink() or target.parent.is_symlink():
        return "not placed", f"{target} is a link"
    fresh, notebook = new.content.parent, target / new.content.name
    there = notebook.is_file() and not notebook.is_symlink()
    if there and notebook.read_bytes() == new.content.read_bytes():
        was, now = (read_beside(folder, notebook.name).files for folder in (target, fresh))
        if was == now:
            return "as before", ""
    replaces = target.exists()
    if replaces and any(target.iterdir()) and not force and not _newer(new, before, target):
        note = "what is there differs and is not known to be older; --force replaces it"
        return "not placed", note
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


def _newer(new: Candidate, before: Origin | None, target: Path) -> bool:
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
        return new.modified.replace(tzinfo=None) > time_of(stamp.read_text())
    except ValueError:
        return False


def line(path: tuple[str, ...], student: str, assignment: str, status: str, note: str) -> Line:
    """What became of the file at a path of the download."""
    return Line("/".join(path), student, assignment, status, note)
