"""Runs the notebooks of a pre-flight as those of a class are run.

`grade` does so before a class, and `autograder doctor ASSIGNMENT` by itself.
"""

from collections.abc import Iterable, Sequence

import nbformat
from nbformat import NotebookNode

from autograder.examiner.job import Limits
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for, limits
from autograder.grading.gradebook.editions import editions
from autograder.grading.run.plan import Options, release_of
from autograder.grading.run.workers import Job, examine_all
from autograder.grading.submission.execution import Executed
from autograder.grading.submission.preflight import Preflight, Run, preflight
from autograder.grading.submission.releases import Release
from autograder.grading.submission.seeds import seed_of
from autograder.grading.submission.version import version_of


def fly_all(
    classroom: Classroom, assignment: str, accept: Iterable[str]
) -> list[tuple[Release, Preflight]]:
    """The pre-flight of each release that grades someone, examined now whatever is known.

    Args:
        classroom: The class.
        assignment: Its id.
        accept: Tests whose problems are accepted from now on.

    Raises:
        GradingError: There is no such assignment or test, or nothing can be examined.
    """
    ref, accepted = NotebookRef(assignment), tuple(accept)
    releases = editions(classroom, ref)
    notebooks = [classroom.submitted_notebook(s, ref) for s in classroom.students(assignment)]
    used = {releases[0].id, *(release_of(path, releases).id for path in notebooks)}
    return [
        (release, fly(classroom, ref, release, accepted, afresh=True))
        for release in releases
        if release.id in used
    ]


def fly(
    classroom: Classroom,
    ref: NotebookRef,
    release: Release,
    accept: Sequence[str] = (),
    afresh: bool = False,
) -> Preflight:
    """The pre-flight of a release on this machine; see `preflight.preflight`."""
    bounds = limits(config_for(classroom))
    run = examiner_of(classroom, ref, Options(), bounds)
    version = version_of(release, bounds, full=False)
    return preflight(classroom, ref, release, version, run, accept, afresh)


def examiner_of(classroom: Classroom, ref: NotebookRef, options: Options, limits: Limits) -> Run:
    """What runs sanitized notebooks where and how everyone's are run."""

    def run(notebooks: list[NotebookNode]) -> list[Executed]:
        seed = seed_of(classroom, ref.assignment, "reference")
        jobs = [Job(str(i), nbformat.v4.writes(n), seed) for i, n in enumerate(notebooks)]
        found: dict[str, Executed] = {}
        try:
            for job, executed, reason in examine_all(jobs, limits, options):
                if executed is None:
                    raise GradingError(f"The pre-flight of {ref.assignment}: {reason}")
                found[job.name] = executed
        except SandboxUnavailable as error:
            raise GradingError(str(error)) from error
        return [found[job.name] for job in jobs]

    return run
