"""A grading run that is killed at any moment loses nothing and doubles nothing."""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest
import typer
from processes import descendants, orphans_stay_here
from tiny import NOTEBOOK, PATIENT, TINY, hand_in, solved

from autograder.grading import terminal
from autograder.grading.classroom import Classroom
from autograder.grading.display import grade_one
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.run.grade import Options, Step, grade

KILLS = int(os.environ.get("KILLS", "5"))  # `make kills` asks for more
STUDENTS = 20


def content(room):
    """What a gradebook says, without the database's own numbers."""
    with open_gradebook(room) as gradebook:
        return sorted(
            (submission.student.id, grade.name, grade.auto_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions(TINY)
            for notebook in submission.notebooks
            for grade in notebook.grades
        )


@pytest.mark.slow
def test_ctrl_c_ends_in_one_sentence_and_the_next_run_goes_on(tiny_course, tmp_path, released):
    room = Classroom(tiny_course, tmp_path / "stopped")
    for number in range(STUDENTS):
        hand_in(room, f"student-{number:02}", solved(released))
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY]
    command += ["--classroom", str(room.folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    run = subprocess.Popen(command, cwd=tiny_course, start_new_session=True, **pipes)
    for line in run.stdout:
        if f": 3 of {STUDENTS} graded" in line:
            break
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    shown, complaints = run.communicate(timeout=600)
    assert run.returncode == 130
    assert shown.strip().splitlines()[-1].startswith("Stopped. What is graded is kept")
    assert complaints == ""
    statuses = [outcome.status for outcome in grade(room, TINY, Options())]
    assert {*statuses} == {"graded", "graded before"}
    assert len(content(room)) == 2 * STUDENTS


@pytest.mark.slow
def test_ctrl_c_waits_for_no_submission(tiny_course, tmp_path, released):
    room = Classroom(tiny_course, tmp_path / "slow")
    hand_in(room, "ada", solved(released))
    for number in range(6):
        hand_in(room, f"slow-{number}", solved(released, double="__import__('time').sleep(50)"))
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--workers", "2"]
    command += ["--classroom", str(room.folder)]
    run = subprocess.Popen(command, cwd=tiny_course, start_new_session=True,
                           stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert "pre-flight" in run.stdout.readline()
    assert "1 of 7 graded (ada)" in run.stdout.readline()
    time.sleep(2)  # both workers sleep with their students
    interrupted = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    shown, _ = run.communicate(timeout=600)
    assert time.monotonic() - interrupted < 40  # a student sleeps longer
    assert run.returncode == 130
    assert shown.startswith("Stopped. What is graded is kept")


def test_an_interrupt_that_a_callback_dropped_still_stops(room, monkeypatch):
    def graded(place, assignment, options, progress):
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        progress(Step(2, 1, student="ada"))
        raise AssertionError("it went on")

    monkeypatch.setattr("autograder.grading.run.grade.grade", graded)
    with pytest.raises(typer.Exit) as stopped, terminal.plain_errors() as (screen, _):
        grade_one(screen, room, TINY, Options(), terminal.interrupted)
    assert stopped.value.exit_code == 130


@pytest.mark.slow
def test_kills_change_nothing_and_leave_nothing_running(tiny_course, tmp_path, released):
    rooms = [Classroom(tiny_course, tmp_path / name) for name in ("calm", "killed")]
    for room in rooms:
        for number in range(STUDENTS):
            answers = {"double": "x + 1"} if number % 3 == 0 else {}
            hand_in(room, f"student-{number:02}", solved(released, **answers))
    calm, killed = rooms
    killed.folder.mkdir(exist_ok=True)
    (killed.folder / "secret").write_text("the same")
    (calm.folder / "secret").write_text("the same")
    grade(calm, TINY, Options(limits=PATIENT))
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY]
    command += ["--classroom", str(killed.folder)]
    moments = random.Random(0)
    with orphans_stay_here():
        before = descendants()
        for _ in range(KILLS):
            run = subprocess.Popen(
                command,
                cwd=tiny_course,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
            with run:
                lines = moments.randrange(2 * STUDENTS // KILLS)  # one for each student
                list(itertools.islice(run.stdout, lines))
                time.sleep(moments.uniform(0, 0.5))
                os.kill(run.pid, signal.SIGKILL)
        grade(killed, TINY, Options())
        left = descendants() - before
        _, alive = psutil.wait_procs(left, timeout=60)
        assert alive == []
    assert content(killed) == content(calm)
    assert len(content(killed)) == 2 * STUDENTS
    assert all(room.feedback(f"student-{n:02}", NOTEBOOK).exists() for room in rooms
               for n in range(STUDENTS))  # fmt: skip
