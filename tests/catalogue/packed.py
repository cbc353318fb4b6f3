"""Grades whole answers through the real grading path, many at once.

A composite submission is the student release with one answer in each exercise; answers are
self-contained, so a wrong one harms only its own exercise. `tests/catalogue` and `tests/mutants`
hand over answers; `autograder grade` grades the composites; the gradebook says who kept what.
`python tests/catalogue/packed.py` (`make catalogue`) prints one line for each answer.
"""

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder import cells

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = [path.stem for path in sorted(ROOT.glob("solutions/*.py"))]


@dataclass(frozen=True)
class Answer:
    """A whole answer to one exercise.

    Attributes:
        function: The graded function that it defines.
        name: What a report calls it, for example "right_kron".
        source: What stands in the solution cell.
    """

    function: str
    name: str
    source: str

    @property
    def right(self) -> bool:
        """Whether it must keep all of its points."""
        return self.name.startswith("right_")


@dataclass(frozen=True)
class Mark:
    """What grading made of an answer."""

    answer: Answer
    score: float
    points: float

    @property
    def as_expected(self) -> bool:
        """A right answer keeps every point, a wrong one does not."""
        return (self.score == self.points) == self.answer.right


def catalogue(assignment: str) -> list[Answer]:
    """The answers stored for an assignment, ordered by function and name."""
    files = sorted((Path(__file__).parent / assignment).glob("*/*.py"))
    return [Answer(p.parent.name, p.stem, without_docstring(p.read_text())) for p in files]


def without_docstring(source: str) -> str:
    """The file without its first statement, which says what is right or wrong about it."""
    first = ast.parse(source).body[0]
    return "\n".join(source.split("\n")[first.end_lineno :]).strip()


def solution_sources(assignment: str) -> dict[str, str]:
    """The reference answer of each exercise, by function."""
    notebook = nbformat.read(ROOT / f"solutions/{assignment}/{assignment}.ipynb", as_version=4)
    return {cells.grade_id(c): c.source for c in notebook.cells if cells.is_answer(c)}


def grade(assignment: str, answers: Iterable[Answer]) -> list[Mark]:
    """Pack the answers into composite submissions, grade them, and look up every mark."""
    columns: dict[str, list[Answer]] = {}
    for answer in answers:
        columns.setdefault(answer.function, []).append(answer)
    reference = solution_sources(assignment)
    rows = max(len(column) for column in columns.values())
    with tempfile.TemporaryDirectory() as classroom:
        for row in range(rows):
            chosen = {f: column[row].source for f, column in columns.items() if row < len(column)}
            submit(assignment, Path(classroom), f"row{row:03}", {**reference, **chosen})
        command = [sys.executable, "-m", "autograder.cli", "grade", assignment]
        done = subprocess.run(
            [*command, "--classroom", classroom],
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        with Gradebook(f"sqlite:///{classroom}/gradebook.db") as gradebook:
            return [
                mark(gradebook, assignment, f"row{row:03}", answer)
                for column in columns.values()
                for row, answer in enumerate(column)
            ]


def submit(assignment: str, classroom: Path, student: str, sources: dict[str, str]) -> None:
    """Write one composite submission."""
    notebook = nbformat.read(ROOT / f"notebooks/{assignment}/{assignment}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = sources.get(cells.grade_id(cell), cell.source)
    folder = classroom / "submitted" / student / assignment
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")


def mark(gradebook: Gradebook, assignment: str, student: str, answer: Answer) -> Mark:
    """Look up one answer's score."""
    found = gradebook.find_grade(f"test_{answer.function}", assignment, assignment, student)
    return Mark(answer, found.auto_score or 0.0, found.max_score)


def main() -> int:
    """Print one line for each answer of every assignment; the exit status counts surprises."""
    marks = []
    for assignment in ASSIGNMENTS:
        for m in grade(assignment, catalogue(assignment)):
            marks.append(m)
            verdict = "ok" if m.as_expected else "SURPRISE"
            name = f"{assignment}/{m.answer.function}/{m.answer.name}"
            print(f"{verdict:<9}{m.score:>4g} of {m.points:g}  {name}", flush=True)
    right = [m for m in marks if m.answer.right]
    wrong = [m for m in marks if not m.answer.right]
    print(
        f"right: {sum(m.as_expected for m in right)} of {len(right)}, "
        f"wrong: {sum(m.as_expected for m in wrong)} of {len(wrong)}"
    )
    return sum(not m.as_expected for m in marks)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
