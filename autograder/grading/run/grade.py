"""Grades one assignment of a class: intake, sanitize, examine in parallel, record, feedback."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import forkserver
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder import cells
from autograder.examiner.engine import shared_engine
from autograder.examiner.job import Limits
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.examiner.wire import whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.store import (
    Points,
    back_up,
    end_with,
    open_gradebook,
    points,
    record,
    register,
    write_feedback,
)
from autograder.grading.run.plan import submission_key, version_of
from autograder.grading.run.workers import How, Job, examine_all
from autograder.grading.submission.intake import Unreadable, read_submission, submitted_at
from autograder.grading.submission.releases import Release, all_releases, fit, keep_today, made_from
from autograder.grading.submission.sanitize import sanitize
from autograder.grading.submission.seeds import seed_of


@dataclass(frozen=True)
class Options:
    """How to grade.

    Attributes:
        students: Whom to grade; everyone if empty.
        workers: Submissions that run at the same time.
        force: Grade again what has not changed.
        seed: Replaces the students' own seeds; grades again what has not changed.
        limits: Bounds on each submission; those of nbgrader_config.py if None.
        full: Run the cells that no verdict needs, too.
        isolation: "sandbox", or "process" where none can be had.
        scheduler: Address of a Dask scheduler whose workers examine; this machine does by default.
    """

    students: tuple[str, ...] = ()
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    force: bool = False
    seed: int | None = None
    limits: Limits | None = None
    full: bool = False
    isolation: Literal["sandbox", "process"] = "sandbox"
    scheduler: str | None = None


@dataclass(frozen=True)
class Change:
    """What a regrade did to one exercise.

    Attributes:
        exercise: Its grade id.
        before: The tests' points before; None where they had been left to manual grading.
        after: The tests' points now.
        manual: The points given by hand, which count whatever the tests say; None if there are
            none.
    """

    exercise: str
    before: float | None
    after: float | None
    manual: float | None


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Attributes:
        student: Whose it is.
        score: Points, late penalty taken off.
        max_score: Points that could be had.
        status: "graded" or "not gradable"; with " before" if it was left alone.
        notes: What was repaired or went wrong, in sentences.
        late: Whether it came after the due date.
        changes: Exercises whose points changed; None if it was not graded again.
    """

    student: str
    score: float
    max_score: float
    status: str
    notes: tuple[str, ...]
    late: bool
    changes: tuple[Change, ...] | None = None


@dataclass(frozen=True)
class _Task:
    student: str
    seed: int
    key: str
    release: Release


def grade(
    classroom: Classroom,
    assignment: str,
    options: Options,
    progress: Callable[[str, int, int, int], None] = lambda student, done, failed, total: None,
) -> list[Outcome]:
    """Grade an assignment; what is graded already and has not changed is left alone.

    Args:
        classroom: The class.
        assignment: Its id.
        options: Whom to grade, and how.
        progress: Is told who is done, how many are, how many of them were not gradable, and of
            how many.

    Raises:
        GradingError: There is no such assignment or student, a private test is none, or the
            gradebook refuses.
    """
    ref = NotebookRef(assignment)
    releases = all_releases(classroom, ref)
    everyone = classroom.students(assignment)
    unknown = sorted(set(options.students) - set(everyone))
    if unknown or not everyone:
        folder = classroom.folder / "submitted"
        who = ", ".join(unknown) or "anyone"
        raise GradingError(f"No {assignment} of {who} in {folder}/STUDENT/{assignment}/.")
    limits = options.limits or classroom.limits()
    versions = {release.id: version_of(release, limits, options.full) for release in releases}
    tasks = []
    for student in options.students or everyone:
        seed = options.seed if options.seed is not None else seed_of(classroom, assignment, student)
        folder = classroom.submitted(student, assignment)
        release = _release_of(folder / ref.file, releases)
        key = submission_key(folder, ref.file, versions[release.id], seed)
        again = options.force or options.seed is not None
        if again or _graded_key(classroom, ref, student) != key:
            tasks.append(_Task(student, seed, key, release))
    keep_today(classroom, ref)
    before = points(classroom, ref)
    if tasks:
        back_up(classroom)
    beside = ThreadPoolExecutor(1)
    registered = beside.submit(register, classroom, assignment)  # the first ones run meanwhile
    beside.shutdown(wait=False)

    prepared: dict[str, tuple[_Task, list[str]]] = {}

    def jobs() -> Iterator[Job]:
        for task in tasks:
            path = classroom.submitted_notebook(task.student, ref)
            try:
                its = task.release
                notebook, notes = sanitize(read_submission(path), its.instructor, its.released)
            except Unreadable as reason:
                finish(task, None, [str(reason)])
                continue
            except Exception as error:
                finish(task, None, [f"The grader failed on it: {type(error).__name__}."])
                continue
            prepared[task.student] = task, notes
            yield Job(task.student, nbformat.v4.writes(notebook), task.seed)

    done = failed = 0

    def finish(task: _Task, notebook: NotebookNode | None, notes: list[str]) -> None:
        """Record a submission: its executed notebook, or why there is none."""
        nonlocal done, failed
        registered.result()
        notes = [whole(note) for note in notes]
        try:
            submitted = submitted_at(classroom.submitted(task.student, assignment))
        except Unreadable as reason:
            submitted, notes = None, [*notes, str(reason)]
        try:
            if notebook is not None:
                keep(task, notebook, notes, submitted)
        except (GradingError, OSError):
            raise
        except Exception as error:
            notebook, notes = None, [f"The grader failed on it: {type(error).__name__}."]
        if notebook is None:
            empty = nbformat.v4.new_notebook()
            _stamp(empty, task, notes, graded=False)
            record(classroom, ref, task.student, empty, False, submitted)
        done += 1
        failed += notebook is None
        pages.submit(write_feedback, classroom, ref, task.student)
        progress(task.student, done, failed, len(tasks))

    def keep(
        task: _Task, notebook: NotebookNode, notes: list[str], submitted: datetime | None
    ) -> None:
        """Record an executed notebook."""
        by_hand = None
        if task.release is not releases[0]:
            more, by_hand = fit(notebook, task.release, releases[0])
            notes = [*more, *notes]
        _stamp(notebook, task, notes + _incidents(notebook), graded=True)
        record(classroom, ref, task.student, notebook, True, submitted, by_hand)

    if tasks:
        how = How(limits, options.full, options.isolation)
        with _page_writers(options.workers) as pages:
            try:
                if not options.scheduler:
                    shared_engine(options.isolation)
                results = examine_all(jobs(), how, options.workers, options.scheduler)
                # Closed at once when something fails here, not when the garbage is collected:
                # Dask's own clean-up must not run inside a collection.
                with contextlib.closing(results):
                    for job, executed, reason in results:
                        task, notes = prepared.pop(job.name)
                        if executed is None:
                            finish(task, None, [reason])
                        else:
                            finish(task, nbformat.v4.reads(executed), notes)
            except SandboxUnavailable as error:
                raise GradingError(str(error)) from error
    registered.result()
    worked_on = {task.student for task in tasks}
    after = points(classroom, ref)
    with open_gradebook(classroom) as gradebook:
        return [
            replace(
                _outcome(classroom, gradebook, ref, student, student in worked_on),
                changes=_changes(before[student], after[student])
                if student in worked_on and student in before
                else None,
            )
            for student in options.students or everyone
        ]


def _release_of(path: Path, releases: list[Release]) -> Release:
    """The release that a submission was made from; today's where it cannot be read."""
    if len(releases) == 1:
        return releases[0]
    try:
        return made_from(read_submission(path), releases)
    except Unreadable:
        return releases[0]


def _changes(before: dict[str, Points], after: dict[str, Points]) -> tuple[Change, ...]:
    return tuple(
        Change(exercise, before[exercise].automatic, now.automatic, now.manual)
        for exercise, now in after.items()
        if exercise in before and before[exercise].automatic != now.automatic
    )


class _Pages:
    """Writes feedback pages in other processes; the first one that fails is told at the end."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._pending: list[Future] = []

    def submit(self, *call: object) -> None:
        """Have a page written."""
        self._pending.append(self._pool.submit(*call))

    def wait(self) -> None:
        """Wait until all are written."""
        for page in self._pending:
            page.result()


@contextlib.contextmanager
def _page_writers(workers: int) -> Iterator[_Pages]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading.gradebook.warm_pages"])
    with _interrupts_ignored():  # and so by all that the server forks: Ctrl-C is for this process
        forkserver.ensure_running()
    with ProcessPoolExecutor(
        workers, context, initializer=end_with, initargs=(os.getpid(),)
    ) as pool:
        pages = _Pages(pool)
        try:
            yield pages
        finally:
            pages.wait()


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ignore SIGINT, where that can be said: in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _graded_key(classroom: Classroom, ref: NotebookRef, student: str) -> str | None:
    """The key under which a submission was graded before, if its feedback was written, too."""
    path = classroom.autograded(student, ref)
    if not path.exists() or not classroom.feedback(student, ref).exists():
        return None
    try:
        return nbformat.read(path, as_version=4).metadata.get("autograder", {}).get("key")
    except Exception:  # it is not a notebook any more
        return None


def _incidents(notebook: NotebookNode) -> list[str]:
    """What went wrong while the cells ran, cell by cell."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename == "Stopped":
                name = cells.grade_id(cell)
                found.append(f"cell {number}{f' (`{name}`)' if name else ''}: {output.evalue}")
    return found


def _stamp(notebook: NotebookNode, task: _Task, notes: list[str], graded: bool) -> None:
    """Put the seed, the notes and the cache key into the graded notebook; its seconds stay."""
    lines = ["**About the grading of this notebook**", ""]
    if not graded:
        lines += [f"It could not be graded. {notes[0]}", ""]
    elif notes:
        lines += [*(f"- {note}" for note in notes), ""]
    if graded:
        lines.append(f"The random inputs of the hidden tests came from seed {task.seed}.")
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("\n".join(lines), id="about-grading"))
    stamp = {"key": task.key, "notes": notes, "graded": graded}
    notebook.metadata.autograder = {**notebook.metadata.get("autograder", {}), **stamp}


def _outcome(
    classroom: Classroom, gradebook: Gradebook, ref: NotebookRef, student: str, worked_on: bool
) -> Outcome:
    submission = gradebook.find_submission(ref.assignment, student)
    stamp = nbformat.read(classroom.autograded(student, ref), as_version=4).metadata
    status = "not gradable" if not stamp.autograder.graded else "graded"
    return Outcome(
        student,
        max(submission.score - submission.late_submission_penalty, 0.0),
        submission.max_score,
        status if worked_on else f"{status} before",
        tuple(stamp.autograder.notes),
        submission.total_seconds_late > 0,
    )
