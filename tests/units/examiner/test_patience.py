"""A function that ran out of time takes little more of it in later cells."""

import os
import signal

import pytest
from examining import examine

from autograder.examiner import patience

FOREVER = "def slow(x):\n    while x: pass\n    return x"
TESTED = ("grade", "slow(1)")


def endings(examined):
    return [
        r.stopped.kind if r.stopped else r.error.finding["kind"] if r.error else "passed"
        for r in examined.results
    ]


def test_cells_that_need_an_endless_function_end_soon_and_others_are_untouched(engine):
    examined = examine(
        engine,
        ("student", FOREVER),
        ("student", "def by(x):\n    try:\n        return slow(x)\n    except Exception: pass"),
        ("student", "import time\ndef busy(x):\n    end = time.process_time() + 1\n"
                    "    while time.process_time() < end: pass\n    return x"),
        TESTED,
        ("grade", "by(1)"),
        ("grade", "assert by(0) == 0"),
        ("grade", "assert busy(3) == 3"),
        ("grade", "by(2)"),
        cell_seconds=2,
        restarts=1,
    )  # fmt: skip
    assert endings(examined)[3:] == ["cell-time", "endless", "passed", "passed", "endless"]
    assert examined.results[4].error.value.startswith("`slow` did not end")
    assert all(result.seconds < 1 for result in (examined.results[4], examined.results[7]))


def test_a_test_that_goes_on_after_an_endless_call_calls_no_more(engine):
    patiently = "for x in range(1, 100):\n    try: slow(x)\n    except Exception: pass\nslow(0)"
    cells = ("student", FOREVER), TESTED, ("grade", patiently), ("grade", "slow(0)")
    examined = examine(engine, *cells, cell_seconds=2)
    assert endings(examined)[1:] == ["cell-time", "endless", "passed"]


def test_a_students_cell_that_calls_an_endless_function_ends_soon(engine):
    cells = ("student", FOREVER), TESTED, ("student", "slow(5)"), ("grade", "pass")
    examined = examine(engine, *cells, cell_seconds=2, restarts=2)
    assert examined.results[1].stopped.kind == "cell-time"
    assert examined.results[2].error.name == "OutOfTime" and examined.results[2].seconds < 1
    assert examined.results[3].ended


PREVENTED = {
    "blocks the signal": "import signal\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])\n",
    "catches everything": "",
}


@pytest.mark.parametrize("how", PREVENTED)
def test_who_prevents_it_has_the_time_of_the_cell(engine, how):
    body = "while x:\n        try:\n            while x: pass\n        except BaseException: pass"
    answer = f"{PREVENTED[how]}def slow(x):\n    {body}"
    examined = examine(engine, ("student", answer), TESTED, ("grade", "slow(1)"), cell_seconds=1.5)
    assert endings(examined)[1:] == ["cell-time", "cell-time"]


def test_names_that_are_no_functions_are_left_alone():
    with patience.with_little({"slow": 0.1, "other": 0.1}, {"slow": 3}):
        assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_a_signal_that_comes_late_ends_nothing():
    with patience.with_little({"slow": 0.1}, {"slow": lambda: None}):
        pass
    os.kill(os.getpid(), signal.SIGPROF)
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
