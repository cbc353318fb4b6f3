"""Says who is graded, and why: nobody is graded again for whom nothing changed that counts.

`plan` is the entry point; `grade` calls it before anything runs. What counts is a submission's own
files, the version of its release, and the list of nbgrader's steps.
"""

import hashlib
import json
import os
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import nbformat

from autograder.examiner.job import Limits
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for, step_names
from autograder.grading.submission.beside import read_beside
from autograder.grading.submission.intake import LARGEST, Unreadable, read_submission
from autograder.grading.submission.releases import Release, made_from
from autograder.grading.submission.seeds import seed_of
from autograder.grading.submission.version import version_of

Why = Literal["new", "handed in again", "tests, limits or grader changed", "on request"]


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
        accept: Tests that may grade although the pre-flight found something wrong with them.
    """

    students: tuple[str, ...] = ()
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    force: bool = False
    seed: int | None = None
    limits: Limits | None = None
    full: bool = False
    isolation: Literal["sandbox", "process"] = "sandbox"
    scheduler: str | None = None
    accept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A submission to grade.

    Attributes:
        student: Whose it is.
        seed: The hidden tests draw their inputs from it.
        release: The one that it was made from, whose tests grade it.
        version: The release's; see `version_of`.
        key: A hash of all that decides its verdict, to be kept with the graded notebook.
        why: Why it is graded.
    """

    student: str
    seed: int
    release: Release
    version: str
    key: str
    why: Why


def plan(
    classroom: Classroom,
    ref: NotebookRef,
    options: Options,
    limits: Limits,
    releases: list[Release],
    known: Container[str],
) -> list[Task]:
    """Who is graded, and why, in the order of `options.students` or of their ids.

    Args:
        classroom: The class.
        ref: The notebook.
        options: Whom to grade, and how.
        limits: Bounds on each submission.
        releases: Those that can grade; the first is the class's own.
        known: Who has grades in the gradebook.

    Raises:
        GradingError: Nobody handed it in, or one of `options.students` did not.
    """
    everyone = classroom.students(ref.assignment)
    unknown = sorted(set(options.students) - set(everyone))
    if unknown or not everyone:
        folder = classroom.folder / "submitted"
        who = ", ".join(unknown) or "anyone"
        raise GradingError(f"No {ref.assignment} of {who} in {folder}/STUDENT/{ref.assignment}/.")
    shared = f"{releases[0].id}-{step_names(config_for(classroom))}"
    versions = {r.id: version_of(r, limits, options.full) for r in releases}
    tasks = []
    for student in options.students or everyone:
        seed = options.seed
        if seed is None:
            seed = seed_of(classroom, ref.assignment, student)
        release = release_of(classroom.submitted_notebook(student, ref), releases)
        files = submission_key(classroom.submitted(student, ref.assignment), ref.file, seed)
        key = f"{versions[release.id]}-{shared} {files}"
        before = _graded_key(classroom, ref, student) if student in known else None
        why = _why(before, key, options.force or options.seed is not None)
        if why:
            tasks.append(Task(student, seed, release, versions[release.id], key, why))
    return tasks


def _why(before: str | None, now: str, again: bool) -> Why | None:
    if before is None:
        return "new"
    if again:
        return "on request"
    if before == now:
        return None
    same_version = before.split()[0] == now.split()[0]
    return "handed in again" if same_version else "tests, limits or grader changed"


def release_of(path: Path, releases: list[Release]) -> Release:
    """The release that a submission was made from; the class's own where it cannot be read."""
    if len(releases) == 1:
        return releases[0]
    try:
        return made_from(read_submission(path), releases)
    except Unreadable:
        return releases[0]


def _graded_key(classroom: Classroom, ref: NotebookRef, student: str) -> str | None:
    """The key under which a submission was graded before, if its feedback was written, too."""
    path = classroom.autograded(student, ref)
    if not path.exists() or not classroom.feedback(student, ref).exists():
        return None
    try:
        return nbformat.read(path, as_version=4).metadata.get("autograder", {}).get("key")
    except Exception:  # somebody damaged it
        return None


def submission_key(folder: Path, notebook: str, seed: int) -> str:
    """A hash of a submission and its seed.

    Its notebook, its time and the files that its code finds count as they are; of what else lies
    beside them the names and sizes.
    """
    digest = hashlib.sha256(str(seed).encode())
    digest.update(json.dumps(read_beside(folder, notebook).files).encode())
    for path in _entries(folder):
        digest.update(os.fsencode(path.name))
        try:
            if path.is_symlink() or not path.is_file():
                continue
            size = path.stat().st_size
            digest.update(str(size).encode())
            if path.name in (notebook, "timestamp.txt") and size <= LARGEST:
                digest.update(path.read_bytes())
        except OSError as error:  # it came, went or is locked meanwhile
            digest.update(type(error).__name__.encode())
    return digest.hexdigest()


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; nobody looks into the folders there, however deep they are."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
