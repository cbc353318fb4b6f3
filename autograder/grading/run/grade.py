"""Grades one assignment of a class: from submitted/ to the gradebook and the feedback pages.

`grade` is the entry point; the command and Gradescope's container call it, and `_Run` is its table
of contents. Threads or a cluster examine, other processes write pages, and only this thread
records. So a run that ends at any moment leaves whole submissions behind, and the next one goes on.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

import nbformat
from nbformat import NotebookNode

from autograder import cells
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.examiner.wire import whole
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for, limits
from autograder.grading.gradebook.current import require_current
from autograder.grading.gradebook.editions import editions, refresh
from autograder.grading.gradebook.pages import write_feedback
from autograder.grading.gradebook.pipeline import Pipeline
from autograder.grading.gradebook.store import back_up, penalties, points, record, register
from autograder.grading.run.outcomes import Outcome, outcomes
from autograder.grading.run.plan import Options, Task, Why, plan
from autograder.grading.run.preflights import examiner_of
from autograder.grading.run.workers import Job, examine_all, failure, page_writers
from autograder.grading.submission.beside import read_beside
from autograder.grading.submission.intake import Unreadable, read_submission, submitted_at
from autograder.grading.submission.preflight import preflight
from autograder.grading.submission.releases import fit, keep

_MOST_INCIDENTS = 30  # that a page names


@dataclass(frozen=True)
class Step:
    """How far a run is.

    Attributes:
        total: Submissions to grade.
        done: How many are done.
        failed: How many of these were not gradable.
        student: Who was done just now; empty where `note` is about something else.
        note: What is said to people.
    """

    total: int
    done: int = 0
    failed: int = 0
    student: str = ""
    note: str = ""


Progress = Callable[[Step], None]


def grade(
    classroom: Classroom,
    assignment: str,
    options: Options,
    progress: Progress = lambda step: None,
) -> list[Outcome]:
    """Grade an assignment; what is graded already and has not changed is left alone.

    Args:
        classroom: The class.
        assignment: Its id.
        options: Whom to grade, and how.
        progress: Is told of each step.

    Raises:
        GradingError: There is no such assignment or student, notebooks/ holds something else than
            its release, a private test is malformed, the reference solution does not earn its
            points, or the gradebook refuses.
    """
    run = _Run(classroom, NotebookRef(assignment), options, progress)
    run.prepare()
    try:
        if run.tasks:
            run.examine()
    finally:
        wait([run.registered])  # so that nothing writes to the gradebook after this
    return run.outcomes()


class _Run:
    """One run over one assignment, in the order of its methods."""

    def __init__(
        self, classroom: Classroom, ref: NotebookRef, options: Options, progress: Progress
    ) -> None:
        self.classroom, self.ref, self.options, self.progress = classroom, ref, options, progress
        self.limits = options.limits or limits(config_for(classroom))
        require_current(classroom, [ref.assignment])
        for folder in (classroom.folder / name for name in ("autograded", "feedback")):
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        releases = editions(classroom, ref)
        self.edition = releases[0]
        self.before = points(classroom, ref)
        self.penalties = penalties(classroom, ref)
        self.tasks = plan(classroom, ref, options, self.limits, releases, self.before)
        self.seconds: dict[str, dict[str, float]] = {}  # what cells may take, by release
        self.sent: dict[str, tuple[Task, list[str]]] = {}
        self.done = self.failed = 0

    def prepare(self) -> None:
        """Keep the release and copy the gradebook; its cells are put there beside what follows."""
        keep(self.classroom, self.ref, self.edition)
        if self.tasks:
            back_up(self.classroom)
        with_the_first = ThreadPoolExecutor(1)
        self.registered = with_the_first.submit(self._register)
        with_the_first.shutdown(wait=False)

    def _register(self) -> None:
        register(self.classroom, self.ref.assignment)
        refresh(self.classroom, self.ref, self.edition)

    def examine(self) -> None:
        """Run everyone's notebook after the pre-flight; each is recorded as soon as it is back."""
        options = self.options
        with page_writers(options.workers) as self.write:
            self._preflight()
            results = examine_all(self._jobs(), self.limits, options, self._alone)
            try:
                # Closed at once when something fails here, not when the garbage is collected.
                with contextlib.closing(results):
                    for job, executed, reason in results:
                        task, notes = self.sent.pop(job.name)
                        if executed is None:
                            self._finish(task, None, [reason])
                        else:
                            self._finish(task, executed.notebook, notes)
            except SandboxUnavailable as error:
                raise GradingError(str(error)) from error

    def _preflight(self) -> None:
        """Examine the reference and the blank notebook of each release that grades someone."""
        run = examiner_of(self.classroom, self.ref, self.options, self.limits)
        for task in {task.release.id: task for task in self.tasks}.values():
            release, version = task.release, task.version
            found = preflight(self.classroom, self.ref, release, version, run, self.options.accept)
            of_release = "" if release is self.edition else f" of release {release.id}"
            self._tell(f"pre-flight{of_release}: {found}")
            found.require(f"{self.ref.assignment}{of_release}")
            self.seconds[release.id] = found.seconds(self.limits)

    def _tell(self, note: str, student: str = "") -> None:
        self.progress(Step(len(self.tasks), self.done, self.failed, student, note))

    def _alone(self, job: Job) -> None:
        """Say, there and in the notes, that a submission is examined again."""
        self._tell(f"{job.name} ran out of time while the machine was busy: again, alone")
        self.sent[job.name][1].append("the machine was too busy at first: it was examined again")

    def _jobs(self) -> Iterator[Job]:
        """Read and sanitize submissions, as workers ask for them."""
        for task in self.tasks:
            folder = self.classroom.submitted(task.student, self.ref.assignment)
            try:
                submitted = read_submission(folder / self.ref.file)
                beside = read_beside(folder, self.ref.file)
                steps = Pipeline(self.classroom, self.ref, task.student)
                notebook, notes = steps.prepare(submitted, task.release)
            except Unreadable as reason:
                self._finish(task, None, [str(reason)])
            except GradingError:
                raise
            except Exception as error:
                self._finish(task, None, [failure(error)])
            else:
                self.sent[task.student] = task, [*notes, *beside.notes()]
                yield Job(
                    task.student,
                    nbformat.v4.writes(notebook),
                    task.seed,
                    self.seconds[task.release.id],
                    beside.files,
                )

    def _finish(self, task: Task, notebook: NotebookNode | None, notes: list[str]) -> None:
        """Record a submission: its executed notebook, or why it has none. Its page comes next."""
        self.registered.result()
        notes = [whole(note) for note in notes]
        try:
            submitted = submitted_at(self.classroom.submitted(task.student, self.ref.assignment))
        except Unreadable as reason:
            submitted, notes = None, [*notes, str(reason)]
        try:
            if notebook is not None:
                self._record(task, notebook, notes, submitted)
        except (GradingError, OSError):
            raise
        except Exception as error:
            notebook, notes = None, [failure(error)]
        if notebook is None:
            empty = nbformat.v4.new_notebook()
            _stamp(empty, task, notes, graded=False)
            record(self.classroom, self.ref, task.student, empty, False, submitted)
        self.done += 1
        self.failed += notebook is None
        self.write(write_feedback, self.classroom, self.ref, task.student)
        self._tell(f"{self.done} of {len(self.tasks)} graded ({task.student})", task.student)

    def _record(
        self, task: Task, notebook: NotebookNode, notes: list[str], submitted: datetime | None
    ) -> None:
        by_hand = None
        if task.release is not self.edition:
            more, by_hand = fit(notebook, task.release, self.edition)
            notes = [*more, *notes]
        _stamp(notebook, task, notes + _incidents(notebook), graded=True)
        record(self.classroom, self.ref, task.student, notebook, True, submitted, by_hand)

    def outcomes(self) -> list[Outcome]:
        """What the gradebook says of everyone who was to be graded."""
        self.registered.result()
        why: dict[str, Why] = {task.student: task.why for task in self.tasks}
        everyone = self.options.students or self.classroom.students(self.ref.assignment)
        return outcomes(self.classroom, self.ref, everyone, why, self.before, self.penalties)


def _incidents(notebook: NotebookNode) -> list[str]:
    """What went wrong while the cells ran, cell by cell."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename == "Stopped":
                name = cells.grade_id(cell)
                found.append(f"cell {number}{f' (`{name}`)' if name else ''}: {output.evalue}")
    if len(found) > _MOST_INCIDENTS:
        found[_MOST_INCIDENTS:] = [f"{len(found) - _MOST_INCIDENTS} more cells were stopped, too"]
    return found


def _stamp(notebook: NotebookNode, task: Task, notes: list[str], graded: bool) -> None:
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
