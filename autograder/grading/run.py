"""Grades one assignment of a class: intake, sanitize, execute in parallel, record, feedback."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.examiner.engine import Engine, ExaminerFailed, Limits
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.grading.course import Classroom, GradingError
from autograder.grading.execution import execute
from autograder.grading.intake import Unreadable, read_submission
from autograder.grading.record import (
    back_up,
    open_gradebook,
    record,
    register,
    write_feedback,
)
from autograder.grading.sanitize import sanitize
from autograder.grading.seeds import seed_of

ENGINE = "1"  # part of every cache key: raise it when grading itself changes


@dataclass(frozen=True)
class Options:
    """How to grade.

    Attributes:
        students: Whom to grade; everyone if empty.
        workers: Submissions that run at the same time.
        force: Grade again what has not changed.
        seed: Replaces the students' own seeds.
        limits: Bounds on each submission.
        full: Run the cells that no verdict needs, too.
        isolation: "sandbox", or "process" where none can be had.
    """

    students: tuple[str, ...] = ()
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    force: bool = False
    seed: int | None = None
    limits: Limits = field(default_factory=Limits)
    full: bool = False
    isolation: Literal["sandbox", "process"] = "sandbox"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Attributes:
        student: Whose it is.
        score: Points, late penalty taken off.
        max_score: Points that could be had.
        status: "graded", "unchanged" or "not gradable".
        notes: What was mended or went wrong, in sentences.
        late: Whether it came after the due date.
    """

    student: str
    score: float
    max_score: float
    status: str
    notes: tuple[str, ...]
    late: bool


@dataclass(frozen=True)
class _Task:
    student: str
    seed: int
    key: str


def grade(
    classroom: Classroom,
    assignment: str,
    options: Options,
    progress: Callable[[str, int, int], None] = lambda student, done, total: None,
) -> list[Outcome]:
    """Grade an assignment; what is graded already and has not changed is left alone.

    Args:
        classroom: The class.
        assignment: Its id.
        options: Whom to grade, and how.
        progress: Is told who is done, how many are, and of how many.

    Raises:
        GradingError: There is no such assignment or student, or the gradebook refuses.
    """
    instructor = nbformat.read(classroom.instructor_notebook(assignment), as_version=4)
    release = nbformat.read(classroom.release_notebook(assignment), as_version=4)
    everyone = classroom.students(assignment)
    unknown = sorted(set(options.students) - set(everyone))
    if unknown or not everyone:
        folder = classroom.folder / "submitted"
        who = ", ".join(unknown) or "anyone"
        raise GradingError(f"No {assignment} of {who} in {folder}/STUDENT/{assignment}/.")
    version = _version(classroom, assignment, options)
    tasks = []
    for student in options.students or everyone:
        seed = options.seed if options.seed is not None else seed_of(classroom, assignment, student)
        key = _key(classroom.submitted(student, assignment), version, seed)
        if options.force or _graded_key(classroom, assignment, student) != key:
            tasks.append(_Task(student, seed, key))
    if tasks:
        back_up(classroom)
    register(classroom, assignment)

    def run(task: _Task) -> tuple[NotebookNode, list[str], bool]:
        path = classroom.submitted(task.student, assignment) / f"{assignment}.ipynb"
        try:
            notebook, notes = sanitize(read_submission(path), instructor, release)
        except Unreadable as reason:
            return nbformat.v4.new_notebook(), [str(reason)], False
        notebook = execute(notebook, engine, options.limits, task.seed, options.full)
        return notebook, notes + _incidents(notebook), True

    with _engine(options) if tasks else contextlib.nullcontext() as engine:
        results = _in_parallel(run, tasks, options)
        for done, (task, (notebook, notes, graded)) in enumerate(results, 1):
            _stamp(notebook, task, notes, graded)
            record(classroom, assignment, task.student, notebook, graded)
            write_feedback(classroom, assignment, task.student)
            progress(task.student, done, len(tasks))
    worked_on = {task.student for task in tasks}
    with open_gradebook(classroom) as gradebook:
        return [
            _outcome(classroom, gradebook, assignment, student, student in worked_on)
            for student in options.students or everyone
        ]


@contextlib.contextmanager
def _engine(options: Options) -> Iterator[Engine]:
    try:
        with Engine(options.isolation) as engine:
            yield engine
    except (SandboxUnavailable, ExaminerFailed) as error:
        raise GradingError(str(error)) from error


def _in_parallel(run: Callable, tasks: list[_Task], options: Options) -> Iterator:
    """Results in the order in which they arrive; an interrupt starts no further submission."""
    pool = ThreadPoolExecutor(options.workers)
    pending: dict[Future, _Task] = {pool.submit(run, task): task for task in tasks}
    try:
        while pending:
            finished, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                yield pending.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _version(classroom: Classroom, assignment: str, options: Options) -> str:
    """A hash of everything but the submission that decides a verdict."""
    package = Path(__file__).parents[1]
    files = [classroom.instructor_notebook(assignment), classroom.release_notebook(assignment)]
    files += sorted([*package.glob("lab/**/*.py"), *package.glob("examiner/*.py")])
    digest = hashlib.sha256(f"{ENGINE} {options.limits} {options.full}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _key(folder: Path, version: str, seed: int) -> str:
    """A hash of a submission and all that decides its verdict."""
    digest = hashlib.sha256(f"{version} {seed}".encode())
    for path in sorted(folder.rglob("*")):
        digest.update(str(path.relative_to(folder)).encode())
        if path.is_file() and not path.is_symlink():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _graded_key(classroom: Classroom, assignment: str, student: str) -> str | None:
    """The key under which a submission was graded before, if its feedback was written, too."""
    path = classroom.autograded(student, assignment)
    if not path.exists() or not classroom.feedback(student, assignment).exists():
        return None
    return nbformat.read(path, as_version=4).metadata.get("autograder", {}).get("key")


def _incidents(notebook: NotebookNode) -> list[str]:
    """What went wrong while the cells ran, cell by cell."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename == "Stopped":
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                found.append(f"cell {number}{f' (`{name}`)' if name else ''}: {output.evalue}")
    return found


def _stamp(notebook: NotebookNode, task: _Task, notes: list[str], graded: bool) -> None:
    """Put the seed, the notes and the cache key into the graded notebook."""
    lines = ["**About the grading of this notebook**", ""]
    if not graded:
        lines += [f"It could not be graded. {notes[0]}", ""]
    elif notes:
        lines += [*(f"- {note}" for note in notes), ""]
    if graded:
        lines.append(f"The random inputs of the hidden tests came from seed {task.seed}.")
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("\n".join(lines), id="about-grading"))
    notebook.metadata.autograder = {"key": task.key, "notes": notes, "graded": graded}


def _outcome(
    classroom: Classroom, gradebook: Gradebook, assignment: str, student: str, worked_on: bool
) -> Outcome:
    submission = gradebook.find_submission(assignment, student)
    stamp = nbformat.read(classroom.autograded(student, assignment), as_version=4).metadata
    penalty = sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
    status = "not gradable" if not stamp.autograder.graded else "graded"
    return Outcome(
        student,
        max(submission.score - penalty, 0.0),
        submission.max_score,
        status if worked_on else f"{status} before",
        tuple(stamp.autograder.notes),
        submission.total_seconds_late > 0,
    )
