"""Grades whole answers through the real grading path, many at once.

A composite submission is the student release with one answer in each exercise, and the reference
where an answer or its test calls another exercise's function. A wrong answer harms only its own
exercise. `tests/catalogue` and `tests/mutants` hand over answers; what `autograder grade` does
grades the composites, in this process and with its one warm engine; gradebook and graded notebooks
say who kept what, and why not. `python tests/catalogue/packed.py` (`make catalogue`) prints one
line for each answer.
"""

import ast
import contextlib
import io
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.demo import answer_in
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.run import grade as run
from autograder.grading.submission.execution import finding_of

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = [path.stem for path in sorted(ROOT.glob("solutions/*.py"))]


@dataclass(frozen=True)
class Answer:
    """A whole answer to one exercise.

    Attributes:
        function: The graded function that it defines.
        name: What a report calls it, for example "right_kron".
        source: What stands in the solution cell.
        told: The kind of the finding that it must end with; empty if any will do.
        named: Whether that finding names the cause.
        hidden: Whether its visible check finds nothing wrong, and only the hidden tests do.
    """

    function: str
    name: str
    source: str
    told: str = ""
    named: bool = True
    hidden: bool = False

    @property
    def right(self) -> bool:
        """Whether it must keep all of its points."""
        return self.name.startswith("right_")


@dataclass(frozen=True)
class Mark:
    """What grading made of an answer.

    Attributes:
        answer: The answer.
        score: Its points.
        points: The points of its exercise.
        told: The kind of the finding that its test ended with; empty if there is none.
        named: Whether that finding names a cause.
        hidden: Whether a line of the hidden tests came to it.
        call: The call that went wrong, and what it should have given.
    """

    answer: Answer
    score: float
    points: float
    told: str
    named: bool = False
    hidden: bool = False
    call: str = ""

    @property
    def surprise(self) -> str:
        """What is not as expected: a right answer keeps every point, a wrong one does not."""
        if (self.score == self.points) != self.answer.right:
            return f"{self.score:g} of {self.points:g} points"
        if self.answer.told and self.told != self.answer.told:
            return f"told {self.told or 'nothing'}, expected {self.answer.told}"
        if self.answer.told and self.named != self.answer.named:
            return f"told {self.told} as {'a' if self.named else 'no'} cause"
        if self.answer.told and self.hidden != self.answer.hidden:
            return f"told by the {'hidden tests' if self.hidden else 'visible check'}"
        return ""


def catalogue(assignment: str) -> list[Answer]:
    """The answers stored for an assignment, ordered by function and name."""
    files = sorted((Path(__file__).parent / assignment).glob("*/*.py"))
    return [stored(file.parent.name, file.stem, file.read_text()) for file in files]


def stored(function: str, name: str, text: str) -> Answer:
    """The answer in a file: its docstring says what it is, and the code below is the answer.

    A line `Told: KIND` of the docstring is the kind of what a wrong answer must be told, and a
    cause; `Told: KIND, no cause` is what it must be told where the cause cannot be known. Where the
    line ends with `by the hidden tests`, the visible check must find nothing.
    """
    line = re.search(r"Told: ([A-Za-z0-9_-]+)(.*)", ast.get_docstring(ast.parse(text)) or "")
    told, rest = line.groups() if line else ("", "")
    by_hidden_tests = rest.endswith("by the hidden tests")
    return Answer(function, name, answer_in(text), told, "no cause" not in rest, by_hidden_tests)


def solution_sources(assignment: str) -> dict[str, str]:
    """The reference answer of each exercise, by function."""
    found = reference(assignment).cells
    return {cells.grade_id(cell): cell.source for cell in found if cells.is_answer(cell)}


def reference(assignment: str) -> nbformat.NotebookNode:
    """The instructor's notebook."""
    return nbformat.read(ROOT / f"solutions/{assignment}/{assignment}.ipynb", as_version=4)


def grade(assignment: str, answers: Iterable[Answer]) -> list[Mark]:
    """Pack the answers into composite submissions, grade them, and look up every mark.

    Raises:
        AssertionError: A submission was not gradable; the message names its answers and the reason.
    """
    columns: dict[str, list[Answer]] = {}
    for answer in answers:
        columns.setdefault(answer.function, []).append(answer)
    sources, tests = solution_sources(assignment), test_sources(assignment)
    with tempfile.TemporaryDirectory() as folder:
        room = Classroom(ROOT, Path(folder))
        (room.folder / "secret").write_text("the same seeds in every run")
        rows: dict[str, list[Answer]] = {}
        for row in range(max(map(len, columns.values()))):
            rows[f"row{row:03}"] = [column[row] for column in columns.values() if row < len(column)]
        for student, packed in rows.items():
            chosen = {answer.function: answer.source for answer in packed}
            called = called_by([*chosen.values(), *(tests[f] for f in chosen)], sources)
            submit(assignment, room.folder, student, {**called, **chosen})
        for outcome in run.grade(room, assignment, run.Options()):
            held = ", ".join(f"{a.function}/{a.name}" for a in rows[outcome.student])
            why = " ".join(outcome.notes)
            assert outcome.status == "graded", f"{outcome.student} ({held}) was not graded: {why}"
        with open_gradebook(room) as gradebook:
            ref = NotebookRef(assignment)
            return [
                found
                for student, packed in rows.items()
                for found in marks(gradebook, room, ref, student, packed)
            ]


@cache
def cells_of(assignment: str, role: str) -> dict[str, str]:
    """Cells of the student release with this role, by the name of their exercise."""
    notebook = nbformat.read(ROOT / f"notebooks/{assignment}/{assignment}.ipynb", as_version=4)
    return {cells.exercise(c): c.source for c in notebook.cells if cells.role(c) == role}


@cache
def names_before(assignment: str) -> dict[str, Any]:
    """What set-up cells and reference answers define."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in cells_of(assignment, "set-up").values():
            exec(source, names)
        for source in solution_sources(assignment).values():
            exec(source, names)
    return names


@cache
def test_sources(assignment: str) -> dict[str, str]:
    """The test of each exercise, by function."""
    grades = [cell for cell in reference(assignment).cells if cells.role(cell) == "grade"]
    return {cells.exercise(cell): cell.source for cell in grades}


def called_by(code: list[str], sources: Mapping[str, str]) -> dict[str, str]:
    """Those of the sources that some code calls, and those that these call in turn."""
    called: dict[str, str] = {}
    while code:
        needed = cells.names(code.pop()).needs & sources.keys() - called.keys()
        called.update({name: sources[name] for name in needed})
        code.extend(sources[name] for name in needed)
    return called


def submit(assignment: str, classroom: Path, student: str, sources: Mapping[str, str]) -> None:
    """Write one composite submission."""
    notebook = nbformat.read(ROOT / f"notebooks/{assignment}/{assignment}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = sources.get(cells.grade_id(cell), cell.source)
    folder = classroom / "submitted" / student / assignment
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")


def marks(
    gradebook: Gradebook, room: Classroom, ref: NotebookRef, student: str, answers: list[Answer]
) -> Iterator[Mark]:
    """Look up the score of each answer of a submission, and what was found."""
    graded = cells.by_id(nbformat.read(room.autograded(student, ref), as_version=4).cells)
    for answer in answers:
        test = f"test_{answer.function}"
        grade_ = gradebook.find_grade(test, ref.notebook, ref.assignment, student)
        points = grade_.auto_score or 0.0, grade_.max_score
        finding = finding_of(graded[test])
        if finding is None:
            yield Mark(answer, *points, told="")
            continue
        visible, _, _ = test_sources(ref.assignment)[answer.function].partition("### BEGIN HIDDEN")
        hidden = finding.line > visible.count("\n")
        yield Mark(answer, *points, finding.kind, finding.recognized, hidden, finding.call)


def named_share(marks: Iterable[Mark]) -> tuple[float, int]:
    """Of the wrong answers: the share that is told a cause, and how many are told another's."""
    wrong = [m for m in marks if not m.answer.right]
    named = [m for m in wrong if m.named]
    misled = [m for m in named if m.surprise]
    return len(named) / max(len(wrong), 1), len(misled)


def main() -> int:
    """Print one line for each answer of every assignment; the exit status counts surprises."""
    every = []
    for assignment in ASSIGNMENTS:
        found = grade(assignment, catalogue(assignment))
        for m in sorted(found, key=lambda m: (m.answer.function, m.answer.name)):
            every.append(m)
            verdict = "SURPRISE" if m.surprise else "ok"
            name = f"{assignment}/{m.answer.function}/{m.answer.name}"
            print(f"{verdict:<9}{m.score:>4g} of {m.points:g}  {name}  {m.told}", flush=True)
    right = [m for m in every if m.answer.right]
    wrong = [m for m in every if not m.answer.right]
    print(
        f"right: {sum(not m.surprise for m in right)} of {len(right)}, "
        f"wrong: {sum(not m.surprise for m in wrong)} of {len(wrong)}"
    )
    share, misled = named_share(every)
    print(f"a named cause: {share:.1%} of the wrong ones, named wrongly: {misled}")
    return sum(bool(m.surprise) for m in every)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
