"""Spreads submissions over Dask workers: threads of this process, or a cluster that exists.

Each worker process keeps one warm engine; its threads drive the processes that the engine forks.
"""

import contextlib
import functools
import itertools
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import nbformat

from autograder.examiner.engine import shared_engine
from autograder.examiner.job import ExaminerFailed, Limits
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.grading.classroom import GradingError
from autograder.grading.submission.execution import execute

_ANSWER_SECONDS = 20  # a scheduler has so long to answer


@dataclass(frozen=True)
class Job:
    """One submission, as it travels to a worker.

    Attributes:
        name: Whose it is.
        notebook: The sanitized notebook, as JSON.
        seed: Of the hidden tests' inputs.
    """

    name: str
    notebook: str
    seed: int


@dataclass(frozen=True)
class How:
    """What is the same for every job of a run.

    Attributes:
        limits: Bounds on each submission.
        full: Run the cells that no verdict needs, too.
        isolation: "sandbox" or "process".
    """

    limits: Limits
    full: bool
    isolation: Literal["sandbox", "process"]


class Unexaminable(Exception):
    """What a submission is makes the grader itself fail; the message says how."""


def examine(job: Job, how: How) -> str:
    """On a worker: run a submission; the executed notebook, with the seconds it took, as JSON."""
    notebook = nbformat.v4.reads(job.notebook)
    started = time.monotonic()
    engine = shared_engine(how.isolation)
    try:
        execute(notebook, engine, how.limits, job.seed, how.full)
    except (ExaminerFailed, SandboxUnavailable):
        raise
    except Exception as error:
        raise Unexaminable(f"The grader failed on it: {type(error).__name__}.") from error
    notebook.metadata.autograder = {"seconds": round(time.monotonic() - started, 3)}
    return nbformat.v4.writes(notebook)


def examine_all(
    jobs: Iterable[Job], how: How, workers: int, scheduler: str | None
) -> Iterator[tuple[Job, str | None, str]]:
    """Examine submissions in parallel; those that a worker waits for are taken from `jobs`.

    Args:
        jobs: The submissions; only a few more than there are workers are held at a time.
        how: How to examine them.
        workers: Threads of the local cluster.
        scheduler: Address of a Dask scheduler, for example "tls://grader:8786"; none for a local
            cluster without open ports.

    Yields:
        Each job, its executed notebook, and, where there is none, the reason.

    Raises:
        GradingError: The scheduler does not answer, or the workers cannot examine anything.
    """
    from distributed import KilledWorker, as_completed

    with _client(workers, scheduler) as client:
        send = functools.partial(client.submit, examine, how=how, pure=False, retries=1)
        waiting = iter(jobs)
        window = 2 * max(1, sum(client.nthreads().values()))
        sent = {send(job): job for job in itertools.islice(waiting, window)}
        arriving = as_completed(list(sent), loop=client.loop)
        for future in arriving:
            job = sent.pop(future)
            for following in itertools.islice(waiting, 1):
                another = send(following)
                sent[another] = following
                arriving.add(another)
            try:
                yield job, future.result(), ""
            except Unexaminable as error:
                yield job, None, str(error)
            except KilledWorker:
                yield job, None, "The worker that examined it ended twice."
            except ExaminerFailed as error:
                raise GradingError(f"The examiner does not work: {error}") from error
            future.release()


@contextlib.contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Any]:
    import dask
    from distributed import Client, LocalCluster

    for name in ("distributed", "distributed.client", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised
    if scheduler:
        try:
            client = Client(scheduler, timeout=_ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise GradingError(f"No Dask scheduler answers at {scheduler}: {error}") from error
        with client:
            if not client.nthreads():
                raise GradingError(f"The Dask scheduler at {scheduler} has no workers.")
            yield client
        return
    settings = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.admin.tick.limit": "1h",
        # It asks for all threads' frames a hundred times a second; in Python 3.11 that can block
        # the process for ever (CPython issue 106883), and nobody reads it.
        "distributed.worker.profile.enabled": False,
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=1,
            threads_per_worker=workers,
            processes=False,
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            memory_limit=0,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        for node in (cluster.scheduler, *cluster.workers.values()):
            cluster.loop.add_callback(node.http_server.stop)  # it listens whatever one asks for
        yield client
