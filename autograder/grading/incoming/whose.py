"""Says for each file of a download which students it is to be placed for, or why for nobody."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from autograder.grading.incoming.archives import Found
from autograder.grading.incoming.gradescope import Handed, read_export
from autograder.grading.incoming.origins import Origin, safe_id, student_id
from autograder.grading.incoming.roster import Roster
from autograder.grading.incoming.schemes import download_inside, origin_of

TEAM = "moodle team"
WHO_IS_IN_IT = (
    "teams handed this in: --roster with Moodle's grading worksheet of this assignment, which has "
    "a column for the team, says who is in them"
)
_SLUG = "-submissions"  # how GitHub Classroom's command calls its folder, behind the assignment


class NotPlaced(Exception):
    """A file that is not placed; the message says why."""

    def __init__(self, reason: str, student: str = "") -> None:
        super().__init__(reason)
        self.student = student


@dataclass(frozen=True)
class Whose:
    """What is known of a download and of a class.

    Attributes:
        source: The download.
        assignments: The course's.
        plugin: nbgrader's, with the instructor's own pattern.
        roster: Gives people their student ids.
        student: Whose everything is; empty if the names tell.
        export: Whose each submission of a Gradescope export is.
    """

    source: Path
    assignments: list[str]
    plugin: FileNameCollectorPlugin
    roster: Roster | None = None
    student: str = ""
    export: dict[tuple[str, ...], Handed] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "export", read_export(self.source))

    def of(self, file: Found) -> list[tuple[str, Origin]]:
        """The student ids, several where a team handed in, and what told each of them.

        Raises:
            NotPlaced: It is nobody's.
        """
        if self.student:
            return [(self.student, Origin("folder", self.student, "", file.path[0]))]
        if handed := self.handed(file):
            if not handed.submitters:
                raise NotPlaced("the export names nobody who handed it in")
            return [one for origin in handed.submitters for one in self._named(origin)]
        name = self.source.name
        slug = name.removesuffix(_SLUG) if name.endswith(_SLUG) else ""
        origin = self._by_pattern(file.path) or origin_of(file.path, self.assignments, slug)
        if origin is None:
            raise NotPlaced(file.refused or _why_nobody(file.path))
        return self._named(origin)

    def handed(self, file: Found) -> Handed | None:
        """What a Gradescope export says of the submission to which a file belongs."""
        return self.export.get(file.path[:1]) or self.export.get(file.path[:2])

    def _by_pattern(self, path: tuple[str, ...]) -> Origin | None:
        """What the instructor's own pattern says of a path."""
        groups = self.plugin.collect("/".join(path)) if self.plugin.named_regexp else None
        person = safe_id((groups or {}).get("student_id") or "")
        return Origin("folder", person, "", path[0]) if person else None

    def _named(self, origin: Origin) -> list[tuple[str, Origin]]:
        if self.roster:
            return _on_roster(self.roster, origin)
        if origin.system == TEAM:
            raise NotPlaced(WHO_IS_IN_IT)
        if whom := student_id(origin):
            return [(whom, origin)]
        raise NotPlaced(
            "its name has no Latin letters, of which student ids are made: rename the folder to "
            f"the student's id, or give a class list with --roster in which {origin.person} "
            "stands under `name`"
        )


def _why_nobody(path: tuple[str, ...]) -> str:
    if inside := download_inside(path):
        return f"{inside} is a download of its own: collect it by itself"
    if len(path) == 1:
        return "its name does not name a student: put it into a folder that bears the student's id"
    return f"{path[0]} is no student's name: rename the folder to the student's id"


def _on_roster(roster: Roster, origin: Origin) -> list[tuple[str, Origin]]:
    """The ids of whoever handed in, by a class list."""
    if origin.system in ("moodle", TEAM) and (members := roster.team(origin.name)):
        team = replace(origin, system=TEAM, person=origin.person or origin.name)
        return [(person.id, team) for person in members]
    person = roster.find(origin)
    if person is None and origin.system == TEAM and roster.kind == "moodle worksheet":
        raise NotPlaced(f"the worksheet has nobody in a team that is called {origin.name}")
    if person is None and origin.system == TEAM:
        raise NotPlaced(WHO_IS_IN_IT)
    if person is None:
        who = f"{origin.name} {origin.person}".strip()
        if other := roster.numbered(origin):
            raise NotPlaced(f"{who} has the number of {other.name}, but another name")
        raise NotPlaced(f"{who} is not on the roster, or several people are called so")
    return [(person.id, origin)]
