"""Puts a download of a learning platform, or a folder, into classroom/submitted/.

`collect` finds out whose each notebook is and what it is, and `place` puts it there. nbgrader's
`zip_collect` is not used: it unpacks archives as they come, endless ones included, before it looks
at a name. Its file-name pattern is used: set `c.FileNameCollectorPlugin.named_regexp` in
nbgrader_config.py for other systems' names.
"""

import re
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbgrader.plugins import FileNameCollectorPlugin

from autograder import cells
from autograder.files import write_whole
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.configuration import config_for
from autograder.grading.incoming.archives import Found, notebooks
from autograder.grading.incoming.beside_notebooks import lay_beside
from autograder.grading.incoming.gradescope import METADATA, Handed
from autograder.grading.incoming.origins import Origin
from autograder.grading.incoming.place import Candidate, Line, line, place_all
from autograder.grading.incoming.roster import Roster
from autograder.grading.incoming.schemes import (
    is_in_tree,
    is_of_no_team,
    is_receipt,
    is_typed_text,
    sent_at,
)
from autograder.grading.incoming.whose import WHO_IS_IN_IT, NotPlaced, Whose
from autograder.grading.submission.intake import UnknownZone, time_of

_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([^"\\]{1,200})"')
_COPY = r"(?:[-_ ]+(?:copy)?[-_ ]*([0-9]{1,4})|[-_ ]*\(([0-9]{1,4})\)|[-_ ]copy)?"
_ONE_MOMENT = timedelta(minutes=10)


def collect(
    classroom: Classroom,
    source: Path,
    assignment: str | None = None,
    roster: Roster | None = None,
    force: bool = False,
    student: str = "",
) -> list[Line]:
    """Place every notebook of a download, with the files beside it; say what became of each.

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
    known = {name: _grade_ids(classroom, name) for name in classroom.assignments()}
    plugin = FileNameCollectorPlugin(config=config_for(classroom))
    whose = Whose(source, list(known), plugin, roster, student)
    unplaced: list[tuple[Found, Line]] = []
    teams, stamps = False, {}
    found: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    classroom.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=classroom.folder, prefix=".collecting-") as staging:
        for number, file in enumerate(notebooks(source)):
            teams = teams or (file.content is not None and is_of_no_team(file.path))
            if is_receipt(file.path):
                stamps[file.path[:-1]] = file.content or b""
                continue
            try:
                people, content = whose.of(file), file.content
                whom = " and ".join(person for person, _ in people)
                if content is None:
                    raise NotPlaced(file.refused, whom)
                what, certain = _which(file.path[-1], content, known, assignment, whom)
            except NotPlaced as reason:
                if not is_typed_text(file.path) and file.path[-1] != METADATA:
                    said = line(file.path, reason.student, "", "not placed", str(reason))
                    unplaced.append((replace(file, content=None), said))
                continue
            for person, origin in people:
                kept = Path(staging, f"{number}-{person}", NotebookRef(what).file)
                write_whole(kept, content)
                candidate = _candidate(file, origin, certain, what, kept)
                found[person, what].append(_timed(candidate, whose.handed(file)))
        lines = _without_teams(found) if teams else []
        lines += _without_wrapper(found) if not student else []
        stamped = {key: [_stamped(c, stamps) for c in group] for key, group in found.items()}
        settled = _without_false_times(stamped)
        asides = [file.path for file, _ in unplaced if file.aside]
        chosen, unused = lay_beside(source, asides, settled, bool(student))
        lines = [*_not_placed(unplaced, unused), *lines]
        return lines + place_all(classroom, settled, chosen, force)


def _grade_ids(classroom: Classroom, assignment: str) -> set[str]:
    """The ids of an assignment's cells."""
    path = classroom.instructor_notebook(NotebookRef(assignment))
    return {*cells.by_id(nbformat.read(path, as_version=4).cells)}


def _not_placed(
    unplaced: list[tuple[Found, Line]], unused: dict[tuple[str, ...], str]
) -> list[Line]:
    """The same without the files that are used beside a notebook."""
    said = [(one, unused.get(f.path, one.note) if f.aside else one.note) for f, one in unplaced]
    return [replace(one, note=note) for one, note in said if note]


def _candidate(file: Found, origin: Origin, certain: int, what: str, kept: Path) -> Candidate:
    stem = file.path[-1].rpartition(".")[0].casefold()
    after = f"_{what}".casefold()  # the system's own words come first
    exact = stem == what.casefold() or (len(file.path) == 1 and stem.endswith(after))
    copy = _copy_number(file.path[-1], what) or 0
    times = file.modified, file.saved, file.zoned
    return Candidate(file.path, origin, certain, exact, copy, *times, kept)


def _timed(candidate: Candidate, handed: Handed | None) -> Candidate:
    """The same with the time that the system tells, if it does."""
    time, note = candidate.modified, ""
    if handed:
        time = handed.at.astimezone(UTC) if handed.at else None
    elif sent := sent_at(candidate.path):
        time, note = _moment(sent)
    elif is_in_tree(candidate.path):
        time = None  # it is that of a copy
    origin = replace(candidate.origin, written=time.isoformat() if time else "")
    zoned = candidate.zoned or time is not candidate.modified
    return replace(candidate, origin=origin, modified=time, zoned=zoned, note=note)


def _stamped(candidate: Candidate, stamps: dict[tuple[str, ...], bytes]) -> Candidate:
    """The same with the time of the timestamp beside it, if it lies in nbgrader's own folders."""
    stamp = stamps.get(candidate.path[:-1]) if is_in_tree(candidate.path) else None
    if stamp is None:
        return candidate
    time, note = _moment(stamp.decode(errors="replace"))
    return replace(candidate, modified=time, note=note)


def _moment(text: str) -> tuple[datetime | None, str]:
    """A time that a system tells, and a note if its time zone is not known."""
    try:
        return time_of(text).replace(tzinfo=UTC), ""
    except UnknownZone as zone:
        return None, f"its time is in the time zone {zone}, which is not known: it is left out"
    except (ValueError, OverflowError):
        return None, "its time cannot be read: it is left out"


def _without_teams(found: dict[tuple[str, str], list[Candidate]]) -> list[Line]:
    """Take out of a download of teams what no worksheet says whose it is; what became of it.

    A team's folder looks like a person's, so it would be placed for whoever has that number.
    """
    lines = []
    for (person, what), group in [*found.items()]:
        if group[0].origin.system == "moodle":
            lines += [line(c.path, "", what, "not placed", WHO_IS_IN_IT) for c in group]
            del found[person, what]
    return lines


def _without_wrapper(found: dict[tuple[str, str], list[Candidate]]) -> list[Line]:
    """Take out what lies in the only folder of a download, if it may hold students' folders."""
    if len({(c.origin.system, c.path[0]) for group in found.values() for c in group}) != 1:
        return []
    lines = []
    for (person, what), group in [*found.items()]:
        below = {c.path[1] for c in group if len(c.path) > 2 and c.origin.system == "folder"}
        if len(below) > 1:
            reason = (
                f"all is in {group[0].path[0]}: if that holds a folder for each student, collect "
                "it by itself; if it is one student's, leave one of the notebooks in it"
            )
            lines += [line(c.path, "", what, "not placed", reason) for c in group]
            del found[person, what]
    return lines


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
        raise NotPlaced(f"it is {found}, not {wanted}", student)
    if not wanted and not found:
        raise NotPlaced("it does not match any assignment; name one with --assignment", student)
    return wanted or found, 2 if by_cells else 1 if by_name else 0


def _copy_number(name: str, assignment: str) -> int | None:
    """The N of ASSIGNMENT-N, ASSIGNMENT (N) or ASSIGNMENT-CopyN, 0 of ASSIGNMENT; else None."""
    stem = name.rpartition(".")[0].casefold()
    pattern = rf"(?:.*_)?{re.escape(assignment.casefold())}{_COPY}"
    found = re.fullmatch(pattern, stem, re.DOTALL)
    return int(found[1] or found[2] or 0) if found else None


def _without_false_times(
    found: dict[tuple[str, str], list[Candidate]],
) -> dict[tuple[str, str], list[Candidate]]:
    """Forget times that are the download's, not the students'.

    Canvas stamps all files with the moment of the download, and so do some versions of Moodle.
    """
    students = {student for student, _ in found}
    files = [c for group in found.values() for c in group if not c.is_told_when]
    times = [c.modified for c in files if c.modified]
    at_once = len(students) > 1 and times and max(times) - min(times) < _ONE_MOMENT
    return {
        key: [
            replace(c, modified=None)
            if c.origin.system == "canvas" or (at_once and not c.is_told_when)
            else c
            for c in group
        ]
        for key, group in found.items()
    }
