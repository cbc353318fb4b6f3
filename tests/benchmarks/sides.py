"""Grades one class in several ways: with stock nbgrader, with this grader, and at the floor.

`bench.py` compares how long they take, `verify.py` what they give.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder.grading import demo
from autograder.grading.classroom import Classroom, NotebookRef

ROOT = Path(__file__).parents[2]
COURSE = Classroom(ROOT, ROOT / "classroom")
STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = ""
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError()"}
c.Execute.timeout = 300
c.Execute.extra_arguments = ["--log-level=ERROR"]
"""
Scores = dict[tuple[str, str, str], float]  # (student, assignment, test) -> points


def honest_class(room: Classroom, assignment: str, students: int) -> None:
    """Hand in for so many students: perfect, half done, blank, other styles, typical mistakes."""
    ref = NotebookRef(assignment)
    release = nbformat.read(room.release_notebook(ref), as_version=4)
    for number in range(students):
        notebook = nbformat.from_dict(release)
        answers = demo.reference(room, ref)
        kind = number % 6
        if kind in (1, 2):
            answers |= demo.stored(COURSE, ref, "right", number)
        elif kind == 3:
            answers = dict(list(answers.items())[: len(answers) // 2])
        elif kind in (4, 5):
            wrong = demo.stored(COURSE, ref, "wrong", number)
            answers |= {name: wrong[name] for name in list(wrong)[number % 4 :: 4]}
        demo.fill(notebook, answers)
        folder = room.submitted(f"student-{number:03}", assignment)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{assignment}.ipynb")


def copy_course(target: Path, assignments: list[str], only_needed: bool) -> Classroom:
    """A course with these assignments; `only_needed` leaves out what no verdict needs."""
    target.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", target)
    for assignment in assignments:
        for folder in ("solutions", "notebooks"):
            path = Path(folder) / assignment / f"{assignment}.ipynb"
            notebook = nbformat.read(ROOT / path, as_version=4)
            if only_needed:
                notebook.cells = [
                    c for c in notebook.cells if c.cell_type != "code" or "nbgrader" in c.metadata
                ]
            (target / path).parent.mkdir(parents=True)
            nbformat.write(notebook, target / path)
    return Classroom(target, target / "classroom")


def grade_here(room: Classroom, assignments: list[str], *options: str) -> float:
    """Grade with this grader, feedback pages included; seconds."""
    command = [sys.executable, "-m", "autograder.cli", "grade", *assignments, *options]
    return _timed([*command, "--classroom", str(room.folder)], room.root)


def grade_at_the_floor(room: Classroom, assignments: list[str]) -> float:
    """Grade with bare warm forks instead of the examiner; seconds."""
    script = Path(__file__).with_name("floor.py")
    command = [sys.executable, str(script), str(room.folder), *assignments]
    return _timed(command, room.root, PYTHONPATH=str(script.parent))  # where `warm` is


def grade_stock(room: Classroom, assignments: list[str], target: Path) -> tuple[float, float]:
    """Grade copies with stock nbgrader; seconds of `autograde` and of `generate_feedback`."""
    target.mkdir()
    (target / "nbgrader_config.py").write_text(STOCK_CONFIG)
    shutil.copytree(room.folder / "submitted", target / "submitted")
    for assignment in assignments:
        source = target / "source" / assignment
        source.mkdir(parents=True)
        shutil.copy(room.instructor_notebook(NotebookRef(assignment)), source)
        _nbgrader(target, "generate_assignment", assignment)
    return tuple(
        sum(_nbgrader(target, step, assignment) for assignment in assignments)
        for step in ("autograde", "generate_feedback")
    )


def scores(gradebook: Path) -> Scores:
    """Every automatic score of a gradebook."""
    return dict(_scores(gradebook))


def _scores(path: Path) -> Iterator[tuple[tuple[str, str, str], float]]:
    with Gradebook(f"sqlite:///{path}") as gradebook:
        for assignment in gradebook.assignments:
            for submission in gradebook.assignment_submissions(assignment.name):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        key = (submission.student.id, assignment.name, grade.name)
                        yield key, grade.auto_score or 0.0


def _nbgrader(folder: Path, *arguments: str) -> float:
    return _timed([sys.executable, "-m", "nbgrader", *arguments], folder)


def _timed(command: list[str], folder: Path, **environment: str) -> float:
    started = time.monotonic()
    # A new gradebook is stamped by the `alembic` command of this environment.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - started
