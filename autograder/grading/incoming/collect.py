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
from datetime import timedelta
from pathlib import Path

import nbformat
from nbgrader.plugins import FileNameCollectorPlugin

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.configuration import config_for
from autograder.grading.incoming.archives import Found, notebooks
from autograder.grading.incoming.origins import Origin, safe_id, student_id
from autograder.grading.incoming.place import Candidate, Line, line, place_all
from autograder.grading.incoming.roster import Roster
from autograder.grading.incoming.schemes import (
    download_inside,
    is_of_no_team,
    is_typed_text,
    origin_of,
)

_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([^"\\]{1,200})"')
_COPY = r"(?:[-_ ]+(?:copy)?[-_ ]*([0-9]{1,4})|[-_ ]*\(([0-9]{1,4})\)|[-_ ]copy)?"
_ONE_MOMENT = timedelta(minutes=10)
_TEAM = "moodle team"
_WHO_IS_IN_IT = (
    "teams handed this in: --roster with Moodle's grading worksheet of this assignment, which has "
    "a column for the team, says who is in them"
)


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
    known = {}
    for name in classroom.assignments():
        notebook = nbformat.read(classroom.instructor_notebook(NotebookRef(name)), as_version=4)
        known[name] = {*cells.by_id(notebook.cells)}
    plugin = FileNameCollectorPlugin(config=config_for(classroom))
    lines: list[Line] = []
    teams = False
    found: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    classroom.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=classroom.folder, prefix=".collecting-") as staging:
        for number, file in enumerate(notebooks(source)):
            teams = teams or (file.content is not None and is_of_no_team(file.path))
            try:
                people, origin = _whose(file, known, plugin, roster, student)
                whom = " and ".join(people)
                content = file.content
                if content is None:
                    raise _NotPlaced(file.refused, whom)
                what, certain = _which(file.path[-1], content, known, assignment, whom)
            except _NotPlaced as reason:
                if not is_typed_text(file.path):
                    lines.append(line(file.path, reason.student, "", "not placed", str(reason)))
                continue
            if file.modified:
                origin = replace(origin, written=file.modified.isoformat())
            for person in people:
                kept = Path(staging, f"{number}-{person}")
                kept.write_bytes(content)
                found[person, what].append(_candidate(file, origin, certain, what, kept))
        lines += _without_teams(found) if teams else []
        lines += _without_wrapper(found) if not student else []
        lines += place_all(classroom, _without_false_times(found), force)
    return lines


def _candidate(file: Found, origin: Origin, certain: int, what: str, kept: Path) -> Candidate:
    stem = file.path[-1].rpartition(".")[0].casefold()
    after = f"_{what}".casefold()  # the system's own words come first
    exact = stem == what.casefold() or (len(file.path) == 1 and stem.endswith(after))
    copy = _copy_number(file.path[-1], what) or 0
    return Candidate(file.path, origin, certain, exact, copy, file.modified, file.saved, kept)


def _without_teams(found: dict[tuple[str, str], list[Candidate]]) -> list[Line]:
    """Take out of a download of teams what no worksheet says whose it is; what became of it.

    A team's folder looks like a person's, so it would be placed for whoever has that number.
    """
    lines = []
    for (person, what), group in [*found.items()]:
        if group[0].origin.system == "moodle":
            lines += [line(c.path, "", what, "not placed", _WHO_IS_IN_IT) for c in group]
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
) -> tuple[list[str], Origin]:
    """The student ids, several where a team handed in, and what told them."""
    if student:
        return [student], Origin("folder", student, "", file.path[0])
    origin = _by_pattern(file.path, plugin) or origin_of(file.path, list(known))
    if origin is None:
        raise _NotPlaced(file.refused or _why_nobody(file.path))
    if roster:
        return _on_roster(roster, origin)
    if origin.system == _TEAM:
        raise _NotPlaced(_WHO_IS_IN_IT)
    whom = student_id(origin)
    if not whom:
        raise _NotPlaced(
            "its name has no Latin letters, of which student ids are made: rename the folder to "
            f"the student's id, or give a class list with --roster in which {origin.person} "
            "stands under `name`"
        )
    return [whom], origin


def _why_nobody(path: tuple[str, ...]) -> str:
    if inside := download_inside(path):
        return f"{inside} is a download of its own: collect it by itself"
    if len(path) == 1:
        return (
            "its name does not name a student: put it into a folder that is called as the student"
        )
    return f"{path[0]} is no student's name: rename the folder to the student's id"


def _on_roster(roster: Roster, origin: Origin) -> tuple[list[str], Origin]:
    """The ids of whoever handed in, by a class list."""
    if origin.system in ("moodle", _TEAM) and (members := roster.team(origin.name)):
        team = replace(origin, system=_TEAM, person=origin.person or origin.name)
        return [person.id for person in members], team
    person = roster.find(origin)
    if person is None and origin.system == _TEAM and roster.kind == "moodle worksheet":
        raise _NotPlaced(f"the worksheet has nobody in a team that is called {origin.name}")
    if person is None and origin.system == _TEAM:
        raise _NotPlaced(_WHO_IS_IN_IT)
    if person is None:
        who = f"{origin.name} {origin.person}".strip()
        raise _NotPlaced(f"{who} is not on the roster, or several people are called so")
    return [person.id], origin


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


def _without_false_times(
    found: dict[tuple[str, str], list[Candidate]],
) -> dict[tuple[str, str], list[Candidate]]:
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
