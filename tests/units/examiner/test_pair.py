"""What a run does at a limit, and what becomes of what its cells print."""

import pytest
from examining import run


def test_what_a_cell_prints_stays_with_that_cell(engine):
    text = "print('{0}' * 20_000)"
    cells = [("student", text.format(n % 10)) for n in range(40)]
    results = run(engine, *cells, ("grade", "pass"))
    counted = [[r.printed["stdout"].count(str(n % 10)), len(r.printed["stdout"])]
               for n, r in enumerate(results[:-1])]  # fmt: skip
    assert counted == [[20_000, 20_001]] * 40
    assert results[-1].printed == {}


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
    "cpu-time": ("while True: pass", "more than 1 seconds of CPU time"),
    "cell-time": ("import time; time.sleep(100)", "longer than 3 seconds"),
    "died": ("import os; os._exit(24)", "ended the Python process"),
}


@pytest.mark.parametrize("kind", LIMITED)
def test_the_limit_that_was_hit_is_named(engine, kind):
    code, words = LIMITED[kind]
    limits = {"memory_megabytes": 400, "processes": 20, "threads": 90, "cpu_seconds": 1}
    limits["cell_seconds"] = 3 if kind == "cell-time" else 60
    result, _ = run(engine, ("student", code), ("grade", "pass"), **limits)
    assert result.stopped.kind == kind and words in result.stopped.sentence


def test_a_process_that_sends_itself_the_signal_of_the_cpu_limit_just_died(engine):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"
    assert run(engine, ("student", code))[0].stopped.kind == "died"


def test_what_a_whole_submission_had_no_time_for_is_named(engine):
    cells = [("student", "import time; time.sleep(100)"), ("grade", "pass")]
    results = run(engine, *cells, submission_seconds=3)
    assert [r.stopped.kind for r in results] == ["submission-time", "not-reached"]
