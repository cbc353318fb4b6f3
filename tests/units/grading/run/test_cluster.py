"""Dask workers elsewhere give the same grades; one that dies is made up for."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from distributed import Client
from tiny import PATIENT, ROOT, TINY, grade_class, hand_in, index_of, solved

from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.run import workers
from autograder.grading.run.grade import Options, grade

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, three processes that meet over TCP; address and processes."""
    tmp_path = tmp_path_factory.mktemp("cluster")
    address_file = tmp_path / "scheduler.json"
    environment = {
        **os.environ,
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    }
    program = "from distributed.cli.dask_{0} import main; main()"

    def start(kind, *arguments):
        command = [sys.executable, "-c", program.format(kind), *arguments]
        return subprocess.Popen(command, cwd=tmp_path, env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                      "--scheduler-file", str(address_file))  # fmt: skip
    processes = [
        start("worker", "--scheduler-file", str(address_file), "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--host", host, "--local-directory", str(tmp_path / host))
        for host in ("127.0.0.2", "127.0.0.3")
    ]  # fmt: skip
    try:
        deadline = time.monotonic() + 300
        while not address_file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)

        address = json.loads(address_file.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=300)
        yield address, processes
    finally:
        for process in (*processes, scheduler):
            process.kill()
            process.wait()


HELPERS = "def twice(x):\n    return 2 * x\n"


def content(room):
    with open_gradebook(room) as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(TINY)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_two_workers_on_addresses_of_their_own_give_the_same_grades_as_one_machine(
    cluster, tiny_course, tmp_path, released
):
    rooms = [Classroom(tiny_course, tmp_path / name) for name in ("here", "there")]
    for room in rooms:
        for number in range(8):
            answers = [{}, {"double": "x + 1"}, {"half": "1 / 0"}, {"double": "exit(1)"}][
                number % 4
            ]
            hand_in(room, f"student-{number}", solved(released, **answers))
        imports = "__import__('helpers').twice(x)"
        hand_in(room, "imports", solved(released, double=imports), helpers=HELPERS)
    grade_class(rooms[0])
    grade_class(rooms[1], scheduler=cluster[0])
    assert content(rooms[0]) == content(rooms[1])
    assert set(content(rooms[0]).values()) == {0, 2, 3}
    assert content(rooms[1])["imports", "test_double"] == 3


def test_a_worker_that_dies_amid_a_submission_is_made_up_for(
    cluster, tiny_course, tmp_path, released
):
    address, processes = cluster
    room = Classroom(tiny_course, tmp_path / "class")
    slow = solved(released)
    slow.cells[index_of(slow, "double")].source += "\nimport time; time.sleep(3)"
    for number in range(6):
        hand_in(room, f"student-{number}", slow)

    def progress(step):
        if step.done == 1:
            processes[0].send_signal(signal.SIGKILL)

    outcomes = grade(room, TINY, Options(limits=PATIENT, scheduler=address), progress)
    assert [o.score for o in outcomes] == [5] * 6


def test_a_scheduler_that_does_not_answer_is_named(room, released, monkeypatch):
    monkeypatch.setattr(workers, "_ANSWER_SECONDS", 2)
    hand_in(room, "ada", solved(released))
    with pytest.raises(GradingError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        grade(room, TINY, Options(scheduler="tcp://127.0.0.1:9"))


ON_ONE_MACHINE = """
import sys
from autograder.grading.run import grade, workers

workers.shared_engine = lambda isolation: None
workers.examine = lambda job, *_: workers.Executed(job.notebook, {}, False)
jobs = [workers.Job("ada", "hers", 1)]
done = workers.examine_all(jobs, None, workers.Options(workers=1))
print([found.notebook for _, found, _ in done])
print({"dask", "distributed"} & sys.modules.keys())
"""


def test_grading_on_one_machine_imports_no_dask():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", ON_ONE_MACHINE]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.stdout == "['hers']\nset()\n", run.stderr
