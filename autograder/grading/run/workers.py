"""What works beside the thread that grades: examiners of submissions, and writers of pages.

`grade` calls `examine_all` and `page_writers`. Submissions are examined on threads of this process,
which only drive the processes that the engine forks, or on a Dask cluster that exists, each of
whose workers keeps an engine of its own. Feedback pages take Python's own time, so processes write
them.
"""

import contextlib
import itertools
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from multiprocessing import forkserver

import nbformat

from autograder.examiner.engine import Engine, shared_engine, stop_shared_engines
from autograder.examiner.job import ExaminerFailed, Limits
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.grading.classroom import GradingError
from autograder.grading.gradebook.pages import end_with
from autograder.grading.run.plan import Options
from autograder.grading.submission.execution import Executed, execute

_ANSWER_SECONDS = 20  # a scheduler that takes longer to answer counts as gone


@dataclass(frozen=True)
class Job:
    """One submission, as it travels to a worker.

    Attributes:
        name: Whose it is.
        notebook: The sanitized notebook, as JSON.
        seed: Of the hidden tests' inputs.
        seconds: What identified cells may take; others have what the limits say.
        files: What lies beside the notebook, for the student's process.
    """

    name: str
    notebook: str
    seed: int
    seconds: dict[str, float] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


class Unexaminable(Exception):
    """The grader itself failed on a submission; the message says how."""


def failure(error: Exception) -> str:
    """What is said of a submission on which the grader itself failed."""
    return f"The grader failed on it: {type(error).__name__}."


def examine(job: Job, limits: Limits, options: Options, engine: Engine | None = None) -> Executed:
    """On a worker: run a submission; the notebook says how many seconds that took by the clock."""
    notebook = nbformat.v4.reads(job.notebook)
    started = time.monotonic()
    try:
        engine = engine or shared_engine(options.isolation)
        given = {"seconds": job.seconds, "files": job.files}
        executed = execute(notebook, engine, limits, job.seed, options.full, **given)
    except (ExaminerFailed, SandboxUnavailable):
        raise
    except Exception as error:
        raise Unexaminable(failure(error)) from error
    notebook.metadata.autograder = {"seconds": round(time.monotonic() - started, 3)}
    return executed


def examine_all(
    jobs: Iterable[Job],
    limits: Limits,
    options: Options,
    alone: Callable[[Job], None] = lambda job: None,
) -> Generator[tuple[Job, Executed | None, str], None, None]:
    """Examine submissions in parallel; those that a worker waits for are taken from `jobs`.

    Whose time ran out by the clock only, because the machine had too much to do, is examined again
    with nothing beside it when all others are done; only what comes of that is yielded. Closing
    this generator, or an exception in it, ends what is running at once.

    Args:
        jobs: The submissions; only a few more than there are workers are held at a time.
        limits: Bounds on each submission.
        options: How to examine them, and whether threads of this process or a Dask cluster do.
        alone: Is told who is examined again.

    Yields:
        Each job, its executed notebook, and, where there is none, the reason.

    Raises:
        GradingError: The scheduler does not answer, or the workers cannot examine anything.
    """
    scheduler = options.scheduler
    with _cluster(scheduler) if scheduler else _threads(options) as pool:
        waiting = iter(jobs)
        crowded: list[Job] = []
        sent: dict[Future[Executed], Job] = {}

        def send(jobs: Iterable[Job]) -> None:
            for job in jobs:
                sent[pool.executor.submit(examine, job, limits, options, pool.engine)] = job

        send(itertools.islice(waiting, 2 * pool.size))
        while sent or crowded:
            again = not sent
            if again:
                alone(crowded[0])
                send([crowded.pop(0)])
            for future in wait(sent, return_when=FIRST_COMPLETED).done:
                job = sent.pop(future)
                send(itertools.islice(waiting, 1))
                executed, reason = _result(future, pool)
                if executed and executed.by_clock and not again:
                    crowded.append(job)
                else:
                    yield job, executed, reason


def _result(future: Future[Executed], pool: "_Pool") -> tuple[Executed | None, str]:
    """What came of a job; where nothing did, the reason."""
    try:
        return future.result(), ""
    except Unexaminable as error:
        return None, str(error)
    except pool.lost:
        return None, "The worker that examined it ended twice."
    except ExaminerFailed as error:
        raise GradingError(f"The examiner does not work: {error}") from error


@dataclass(frozen=True)
class _Pool:
    """Where `size` jobs run at a time; a job raises one of `lost` if its worker is lost."""

    executor: Executor
    size: int
    engine: Engine | None = None  # workers elsewhere have their own
    lost: tuple[type[Exception], ...] = ()


@contextlib.contextmanager
def _threads(options: Options) -> Iterator[_Pool]:
    engine = shared_engine(options.isolation)
    executor = ThreadPoolExecutor(options.workers)
    try:
        yield _Pool(executor, options.workers, engine)
    except BaseException:
        # Python does not end before these threads do, so what they wait for is ended.
        executor.shutdown(wait=False, cancel_futures=True)
        stop_shared_engines()
        raise
    executor.shutdown()


@contextlib.contextmanager
def _cluster(scheduler: str) -> Iterator[_Pool]:
    from distributed import Client, KilledWorker

    for name in ("distributed", "distributed.client", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised
    try:
        client = Client(scheduler, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise GradingError(f"No Dask scheduler answers at {scheduler}: {error}") from error
    with client:
        size = sum(client.nthreads().values())  # pyright: ignore[reportAttributeAccessIssue] - of the asynchronous client
        if not size:
            raise GradingError(f"The Dask scheduler at {scheduler} has no workers.")
        yield _Pool(client.get_executor(pure=False, retries=1), size, lost=(KilledWorker,))


@contextlib.contextmanager
def page_writers(workers: int) -> Iterator[Callable[..., None]]:
    """A function that calls another in one of these processes; what fails is raised at the end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading.gradebook.warm_pages"])
    with _interrupts_ignored():  # and so by all that the server forks: Ctrl-C is for this process
        forkserver.ensure_running()
    with ProcessPoolExecutor(
        workers, context, initializer=end_with, initargs=(os.getpid(),)
    ) as pool:
        pending: list[Future] = []
        try:
            yield lambda *call: pending.append(pool.submit(*call))
        finally:
            for page in pending:
                page.result()


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
