"""The pre-flight of an assignment: its reference solution and its blank release are examined first.

The reference must earn every point that a test gives, and the blank release none; else the tests or
this machine are at fault, and no student's grade can be trusted. What the reference costs here says
how long an exercise may take. The class keeps the result in `preflight/ASSIGNMENT/RELEASE.json`.

`preflight` is the entry point: the class's run, nbgrader's Execute step and `autograder doctor`
call it.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder import cells
from autograder.examiner.job import Limits
from autograder.files import write_whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.submission.execution import Executed, finding_of
from autograder.grading.submission.releases import Release
from autograder.grading.submission.sanitize import sanitize

Run = Callable[[list[NotebookNode]], Sequence[Executed]]  # runs sanitized notebooks


@dataclass(frozen=True)
class Problem:
    """Points that the reference does not earn, or that the blank release does.

    Attributes:
        notebook: Which of both.
        cell: The test's id.
        earned: What it earned.
        points: What it can earn.
        reason: Why the reference lost them, in a sentence.
    """

    notebook: Literal["reference", "blank"]
    cell: str
    earned: float
    points: float
    reason: str = ""

    def __str__(self) -> str:
        points = f"{self.earned:g} of {self.points:g} points"
        if self.notebook == "blank":
            return f"The blank release earns {points} in `{self.cell}`."
        return f"The reference solution earns {points} in `{self.cell}`: {self.reason}"


@dataclass(frozen=True)
class Preflight:
    """What came of the pre-flight of a release.

    Attributes:
        key: A hash of all that decides it: what decides verdicts, and the reference's answers.
        earned: Points of the reference; what is graded by hand does not count.
        points: Points that it could earn.
        problems: What should not be.
        costs: The seconds that each answer and each test may cost the reference's exercise.
        accepted: Ids of tests whose problems the instructor has accepted.
    """

    key: str
    earned: float
    points: float
    problems: tuple[Problem, ...]
    costs: dict[str, float]
    accepted: tuple[str, ...] = ()

    def __str__(self) -> str:
        blank = sum(p.earned for p in self.problems if p.notebook == "blank")
        return (
            f"the reference earns {self.earned:g} of {self.points:g} points, "
            f"the blank release {blank:g}"
        )

    def open(self) -> list[Problem]:
        """The problems that nobody has accepted."""
        return [p for p in self.problems if p.cell not in self.accepted]

    def require(self, assignment: str) -> None:
        """Go on only without open problems.

        Raises:
            GradingError: There are some; the message lists them.
        """
        if problems := self.open():
            lines = "\n".join(f"  {problem}" for problem in problems)
            accept = " ".join(dict.fromkeys(f"--accept {problem.cell}" for problem in problems))
            raise GradingError(
                f"Nobody is graded with {assignment} as it is:\n{lines}\n"
                f"Mend that, or grade all the same with {accept}."
            )

    def seconds(self, limits: Limits) -> dict[str, float]:
        """What each answer and each test of the assignment may take."""
        factor, least = limits.reference_factor, limits.least_seconds
        return {name: max(least, factor * cost) for name, cost in self.costs.items()}


_examined: dict[str, Preflight] = {}  # of this process, by key


def preflight(
    classroom: Classroom,
    ref: NotebookRef,
    release: Release,
    version: str,
    run: Run,
    accept: Sequence[str] = (),
    afresh: bool = False,
) -> Preflight:
    """The pre-flight of a release; both notebooks run unless all is known to be well.

    Args:
        classroom: The class; it keeps what is found.
        ref: The notebook.
        release: The release.
        version: As `version.version_of` gives it.
        run: Runs the two notebooks.
        accept: Tests whose problems are accepted from now on, by id or name of the exercise.
        afresh: Run them whatever is known.

    Raises:
        GradingError: There is no test that `accept` names.
    """
    tests = [cells.grade_id(c) for c in release.instructor.cells if cells.role(c) == "grade"]
    named = {test for test in tests for name in accept if name in (test, cells.exercise(test))}
    if unknown := [n for n in accept if n not in {*named, *map(cells.exercise, named)}]:
        there = ", ".join(tests)
        raise GradingError(f"{ref.assignment} has no test {unknown[0]}. It has: {there}.")
    answers = {n: c.source for n, c in cells.by_id(release.instructor.cells).items()}
    key = hashlib.sha256(json.dumps([version, answers]).encode()).hexdigest()
    before = known(classroom, ref, release)
    if before and before.key != key:
        before = None
    accepted = tuple(sorted({*named, *(before.accepted if before else ())}))
    found = before or _examined.get(key)
    if found is None or afresh or replace(found, accepted=accepted).open():
        found = _examined[key] = _examine(release, answers, key, run)
    found = replace(found, accepted=accepted)
    if found != before:
        content = msgspec.json.format(msgspec.json.encode(found))
        write_whole(file_of(classroom, ref, release), content)
    return found


def known(classroom: Classroom, ref: NotebookRef, release: Release) -> Preflight | None:
    """What the class knows of a release, whichever version of the grader it was found with."""
    try:
        return msgspec.json.decode(file_of(classroom, ref, release).read_bytes(), type=Preflight)
    except (OSError, msgspec.MsgspecError):  # not there, or of a version that wrote something else
        return None


def file_of(classroom: Classroom, ref: NotebookRef, release: Release) -> Path:
    """Where a class keeps what is known of a release."""
    return classroom.folder / "preflight" / ref.assignment / f"{release.id}.json"


def _examine(release: Release, answers: dict[str, str], key: str, run: Run) -> Preflight:
    """Run both notebooks and compare what they earn with what they should."""
    solved, blank = copy.deepcopy(release.released), copy.deepcopy(release.released)
    for cell in solved.cells:
        if cells.is_answer(cell):
            cell.source = answers.get(cells.grade_id(cell), cell.source)
    made = [sanitize(n, release.instructor, release.released)[0] for n in (solved, blank)]
    first, second = run(made)
    earned = points = 0.0
    problems = []
    for cell, score, most in _scores(first):
        earned, points = earned + score, points + most
        if score < most:
            finding = finding_of(cell)
            reason = finding.sentence if finding else "It earns partial credit."
            problems.append(Problem("reference", cells.grade_id(cell), score, most, reason))
    asked = {n for c in release.instructor.cells if cells.is_answer(c) for n in _names(c).defines}
    for cell, score, most in _scores(second):
        if score > 0 and _names(cell).needs & asked:  # else the release gives all that it tests
            problems.append(Problem("blank", cells.grade_id(cell), score, most))
    return Preflight(key, earned, points, tuple(problems), _costs(first))


def _scores(executed: Executed) -> list[tuple[NotebookNode, float, float]]:
    """Each test with the points that it gave and could give."""
    scores = []
    for cell in executed.notebook.cells:
        if cells.role(cell) == "grade":
            earned, most = determine_grade(cell)
            scores.append((cell, earned or 0, most))
    return scores


def _names(cell: NotebookNode) -> cells.Names:
    return cells.names(cell.source) if cell.cell_type == "code" else cells.Names()


def _costs(executed: Executed) -> dict[str, float]:
    """What each exercise took, by the ids of its answers and its test: the cells up to a test."""
    costs: dict[str, float] = {}
    own: list[str] = []
    for name, cell in cells.by_id(executed.notebook.cells).items():
        if cell.cell_type == "code" and (cells.is_answer(cell) or cells.role(cell) == "grade"):
            own.append(name)
        if cells.role(cell) == "grade":
            took = sum(executed.seconds.get(each, 0) for each in own)
            costs |= dict.fromkeys(own, round(took, 3))
            own = []
    return costs
