"""What a run does at a limit, and what becomes of what its cells print."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from examining import LIMITS, examine, run

from autograder.examiner import pair, usage, watch
from autograder.examiner.job import Cell


def test_what_a_cell_prints_stays_with_that_cell(engine):
    text = "print('{0}' * 20_000)"
    cells = [("student", text.format(n % 10)) for n in range(40)]
    results = run(engine, *cells, ("grade", "pass"))
    counted = [[r.printed["stdout"].count(str(n % 10)), len(r.printed["stdout"])]
               for n, r in enumerate(results[:-1])]  # fmt: skip
    assert counted == [[20_000, 20_001]] * 40
    assert results[-1].printed == {}


def test_what_all_cells_print_and_show_is_bounded(engine, monkeypatch):
    monkeypatch.setattr(pair, "_MOST_SHOWN", 50_000)
    show = "print('x' * 15_000)\ndisplay({'text/plain': 'y' * 15_000}, raw=True)"
    give = "{'application/x-' + 'z' * 15_000: '', 'text/plain': '3'}"
    results = run(engine, *[("student", show)] * 4, ("grade", f"display({give}, raw=True)\n3"))
    shown = [[*map(len, r.printed.values()), *(len(str(o.data)) for o in r.shown)] for r in results]
    assert [sum(sizes) // 10_000 for sizes in shown[:4]] == [3, 1, 0, 0]
    assert all("shows too much" in str(result.shown[0]) for result in results[1:])
    assert all("was cut" in result.printed["stdout"] for result in results[2:4])
    assert results[4].shown[-1].data == {"text/plain": "3"}  # partial credit


LIMITED = {
    "memory": ("kept = [bytearray(10**7) for _ in range(100)]", "more than 400 MB of memory"),
    "processes": (
        "import os, time\nfor _ in range(8): os.fork()\ntime.sleep(100)",
        "more than 20 processes",
    ),
    "threads": (
        "import threading, time\n"
        "while True: threading.Thread(target=time.sleep, args=(100,)).start()",
        "more than 90 threads",
    ),
    "died": ("import os; os._exit(24)", "ended the Python process"),
}


@pytest.mark.parametrize("kind", LIMITED)
def test_the_limit_that_was_hit_is_named(engine, kind):
    code, words = LIMITED[kind]
    limits = {"memory_megabytes": 400, "processes": 20, "threads": 90}
    result, _ = run(engine, ("student", code), ("grade", "pass"), **limits)
    assert result.stopped.kind == kind and words in result.stopped.sentence


SLOW = {
    "computes": "while True: pass",
    "ignores signals": "import signal\n"
    "for n in range(1, 32):\n    n in (9, 17, 19) or signal.signal(n, signal.SIG_IGN)\n"
    "while True: pass",
    "sleeps": "import time; time.sleep(100)",
    "sleeps a little at a time": "import time\nwhile True: time.sleep(0.001)",
    "waits for a thread": "import threading; threading.Event().wait()",
    "reads from a pipe": "import os; os.read(os.pipe()[0], 1)",
    "forks": "import os\nwhile True:\n    os.fork() or os._exit(0)\n    os.wait()",
    "forks and does not wait": "import os, time\nif os.fork() == 0:\n"
    "    while True: os.fork() and os._exit(0)\ntime.sleep(100)",
    "lets children compute": "import os\nif os.fork() == 0:\n    while True: pass\nos.wait()",
    "computes in two threads": "import hashlib, threading\n"
    "def spin():\n    while True: hashlib.sha256(bytes(10**6))\n"
    "threading.Thread(target=spin).start(); spin()",
}


@pytest.mark.parametrize("how", SLOW)
def test_time_runs_out_by_computing_and_by_doing_nothing(engine, how):
    examined = examine(engine, ("student", SLOW[how]), ("grade", "pass"), cell_seconds=1)
    stopped = examined.results[0].stopped
    assert stopped.kind == "cell-time" and "longer than 1 seconds" in stopped.sentence
    assert not examined.by_clock and examined.results[1].ended


def test_a_cell_may_have_less_time_than_others(engine):
    sleep = "import time; time.sleep(3)"
    made = [Cell("student", sleep, 1), Cell("student", sleep), Cell("student", sleep, 1000)]
    results = engine.examine(made, replace(LIMITS, cell_seconds=2), seed=7).results
    assert [r.stopped.sentence.rpartition("than ")[2] for r in results] == [
        "1 seconds.", "2 seconds.", "2 seconds."
    ]  # fmt: skip


COMPUTE = "import time\nwhile time.process_time() < {seconds}: pass"


def test_a_judge_that_computes_for_a_student_takes_time_too(engine):
    results = run(engine, ("grade", "while True: pass"), cell_seconds=1)
    assert results[0].stopped.kind == "cell-time"


def test_time_in_which_other_programs_have_the_cores_does_not_count(engine):
    loops = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
        for _ in range(4 * os.cpu_count())
    ]
    try:
        started = time.monotonic()
        (result,) = run(engine, ("student", COMPUTE.format(seconds=1)), cell_seconds=2)
        clock = time.monotonic() - started
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    assert result.ended and result.seconds < 2, (result.seconds, clock)


def test_what_a_cell_took_is_counted(engine):
    cells = [("student", COMPUTE.format(seconds=1)), ("student", "import time; time.sleep(1)")]
    took = [result.seconds for result in run(engine, *cells)]
    assert all(0.7 < seconds < 2 for seconds in took), took


def test_a_stop_by_the_clock_is_no_verdict(engine):
    cells = [("student", COMPUTE.format(seconds=30)), ("grade", "pass")]
    examined = examine(engine, *cells, clock_factor=0.01)  # of 60 seconds
    assert examined.by_clock
    assert [r.stopped.kind for r in examined.results] == ["cell-clock", "not-reached"]
    examined = examine(engine, *cells, submission_seconds=100, clock_factor=0.01)
    assert examined.results[0].stopped.kind == "cell-clock"
    examined = examine(engine, *cells, submission_seconds=50, clock_factor=0.01)
    assert examined.results[0].stopped.kind == "submission-clock" and examined.by_clock


@pytest.mark.parametrize("content", ["0 0 0", None])
def test_where_waiting_is_not_told_cpu_time_and_the_clock_are_left(monkeypatch, content):
    def read_text(path):
        if content is None:
            raise FileNotFoundError
        return content

    monkeypatch.setattr(Path, "read_text", read_text)
    assert not usage.is_waiting_counted()
    meter = watch._Meter()
    time.sleep(0.2)
    meter.look({}, [])
    assert meter.usage.elapsed > 0 and meter.usage.counted == 0


def test_what_a_whole_submission_had_no_time_for_is_named(engine):
    cells = [("student", "import time; time.sleep(100)"), ("grade", "pass")]
    results = run(engine, *cells, submission_seconds=3)
    assert [r.stopped.kind for r in results] == ["submission-time", "not-reached"]
