"""The life of the zygote and of the processes that it forks."""

import os
import signal
import subprocess

import pytest
from examining import run, verdict

from autograder.examiner import protocol, wire
from autograder.examiner.engine import Engine
from autograder.examiner.job import ExaminerFailed


@pytest.mark.parametrize("role", ["student", "judge"])
def test_a_process_that_fails_to_start_is_started_again(engine, monkeypatch, role):
    failures, spawn = [], engine.spawn

    def failing(asked, limits, descriptors, frameworks):
        if asked == role and len(failures) < 2:
            failures.append(asked)
            os.write(descriptors["status"], wire.pack(protocol.Failed("no memory")))
        else:
            spawn(asked, limits, descriptors, frameworks)

    monkeypatch.setattr(engine, "spawn", failing)
    assert verdict(engine, "def f(): return 3", "assert f() == 3") == ""
    assert failures == [role] * 2
    failures.clear()
    monkeypatch.setattr("autograder.examiner.examination._FAILURES", 2)
    with pytest.raises(ExaminerFailed, match="no memory"):
        verdict(engine, "def f(): return 3", "assert f() == 3")


@pytest.mark.slow
def test_tensorflow_is_there_for_those_who_import_it_and_costs_nobody_else(engine):
    look = "import sys\nprint('tensorflow' in sys.modules)\n"
    hidden = "def f():\n    return __import__('tensorflow').constant([1.0, 2.0])"
    with Engine() as fresh:
        plain, crossed, imported = (
            run(fresh, ("setup", "import math"), ("student", f"{look}{code}"), ("grade", test))
            for code, test in [
                ("", "pass"),
                (hidden, "assert f().numpy().tolist() == [1, 2]"),  # no line says that it imports
                ("import keras\ndef f(): return keras.Sequential()", "assert f().layers == []"),
            ]
        )
    assert [results[1].printed["stdout"] for results in (plain, crossed)] == ["False\n"] * 2
    assert imported[1].printed["stdout"] == "True\n"  # before its own import
    assert all(r.ended and not r.error for results in (plain, crossed, imported) for r in results)


@pytest.mark.slow
def test_a_zygote_that_died_is_replaced(engine):
    pattern = "autograder.examiner.zygote"
    for line in subprocess.run(
        ["pgrep", "-f", "-P", str(engine._zygote.pid), pattern], capture_output=True, text=True
    ).stdout.split():
        os.kill(int(line), signal.SIGKILL)
    engine._zygote.kill()
    engine._zygote.wait()
    results = run(engine, ("student", "a = 1"), ("grade", "assert a == 1"))
    assert results[1].ended and results[1].error is None


@pytest.mark.slow
def test_without_a_sandbox_there_are_still_two_processes_and_limits():
    with Engine("process") as plain:
        results = run(
            plain,
            ("student", "import os; os._exit(1)"),
            ("student", "def f():\n    return 2"),
            ("grade", "assert f() == 2"),
            ("student", "while True: pass"),
            cell_seconds=5,
        )
    assert [bool(r.stopped) for r in results] == [True, False, False, True]
    assert results[2].error is None
