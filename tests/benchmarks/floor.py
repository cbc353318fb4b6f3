"""The floor of grading: the same pipeline, with bare warm forks in the examiner's place.

`floor.py FOLDER ASSIGNMENT...`, in a course. Each submission's cells run in one process that was
forked from a warm parent: no sandbox, no wire, no second process, no limits.
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import forkserver
from pathlib import Path

import nbformat

from autograder.examiner.job import Cell, Error, Examined, Limits, Result
from autograder.grading.gradebook.configuration import find_class
from autograder.grading.run import grade as run
from autograder.grading.run import workers
from autograder.grading.run.grade import Options, grade
from autograder.grading.submission.execution import Executed, execute
from autograder.grading.submission.preflight import Preflight


class Bare:
    """Runs cells in this process, in place of an engine."""

    def examine(self, cells: list[Cell], limits: Limits, seed: int, files: object) -> Examined:
        """Run them in order; nothing is supervised."""
        import os

        from autograder.examiner.shell import Shell

        os.environ["AUTOGRADER_SEED"] = str(seed)
        shell, results = Shell.instance(), []
        for cell in cells:
            shown, error = shell.run(cell.source)
            described = error and Error(type(error).__name__, str(error))
            results.append(Result(ended=True, shown=shown, error=described))
        return Examined(results)


def examine_bare(job: workers.Job) -> Executed:
    """In a fresh fork: run a submission."""
    notebook = nbformat.reads(job.notebook, as_version=4)
    return execute(notebook, Bare(), Limits(), job.seed)


def examine_all(jobs, limits, options, alone):
    """What `workers.examine_all` does, by forks of a warm parent."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(options.workers, context, max_tasks_per_child=1) as pool:
        pending = {pool.submit(examine_bare, job): job for job in jobs}
        for future in as_completed(pending):
            yield pending[future], future.result(), ""


if __name__ == "__main__":
    run.examine_all = examine_all
    run.preflight = lambda *_: Preflight("", 0, 0, (), {})
    # One server forks the examining processes and, later, those that write pages.
    multiprocessing.get_context("forkserver").set_forkserver_preload(["warm"])
    forkserver.ensure_running()
    folder, *assignments = sys.argv[1:]
    for assignment in assignments:
        grade(find_class(Path(folder)), assignment, Options())
