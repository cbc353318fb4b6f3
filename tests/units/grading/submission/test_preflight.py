"""Before a class is graded, the reference and the blank release are examined."""

import json
from dataclasses import replace

import pytest
from tiny import (
    NOTEBOOK,
    PATIENT,
    TINY,
    add_third,
    change,
    grade_class,
    hand_in,
    index_of,
    mend,
    nbgrader,
    solved,
)
from typer.testing import CliRunner

from autograder.cli import app
from autograder.examiner.job import Limits
from autograder.grading.classroom import GradingError
from autograder.grading.gradebook import steps
from autograder.grading.outgoing.report import write_report
from autograder.grading.run import workers
from autograder.grading.run.grade import Options, grade
from autograder.grading.submission import preflight
from autograder.grading.submission.releases import keep, today

WRONG = mend("half", "return x / 2", "return x")  # a reference that its own test refuses


def free(notebook):
    """A test that a stub passes."""
    cell = notebook.cells[index_of(notebook, "test_half")]
    cell.source = "assert half"


def watched(room, **options):
    """What is said while a class is graded."""
    said = []
    grade(room, TINY, Options(**{"limits": PATIENT, **options}), lambda step: said.append(step))
    return [step.note for step in said]


@pytest.fixture
def ran(monkeypatch):
    """Which notebooks were examined, whatever for."""
    found, execute = [], workers.execute

    def spy(notebook, *arguments, **keywords):
        found.append(notebook)
        return execute(notebook, *arguments, **keywords)

    monkeypatch.setattr(workers, "execute", spy)
    monkeypatch.setattr(preflight, "_examined", {})
    return found


def test_it_is_a_line_of_progress_and_known_from_then_on(own, released, ran):
    hand_in(own, "ada", solved(released))
    first = watched(own)
    assert first[0] == "pre-flight: the reference earns 5 of 5 points, the blank release 0"
    assert first[1] == "1 of 1 graded (ada)" and len(ran) == 3
    preflight._examined.clear()  # as in another process
    assert watched(own, force=True) == first and len(ran) == 4
    change(own, mend("test_half", "half(math.pi)", "half(1 + math.pi - 1)"))
    watched(own)
    assert len(ran) == 7
    assert watched(own) == [] and len(ran) == 7  # nobody is graded


def test_a_reference_without_full_marks_stops_before_any_student(own, released):
    change(own, WRONG)
    hand_in(own, "ada", solved(released))
    with pytest.raises(GradingError) as stopped:
        grade_class(own)
    words = str(stopped.value)
    assert "Nobody is graded with tiny as it is:" in words
    assert "The reference solution earns 0 of 2 points in `test_half`" in words
    assert "--accept test_half" in words and "test_double" not in words
    assert not own.autograded("ada", NOTEBOOK).exists()
    change(own, mend("half", "return x", "return x / 2"))
    assert grade_class(own)["ada"].score == 5


def test_a_blank_release_that_earns_points_stops_it_too(own, released):
    hand_in(own, "ada", solved(change(own, free)))
    with pytest.raises(GradingError, match="The blank release earns 2 of 2 points in `test_half`"):
        grade_class(own)


def test_points_for_what_the_release_gives_are_nothing_wrong(own, released):
    change(own, lambda n: n.cells[index_of(n, "test_half")].update(source="assert math.pi > 3"))
    hand_in(own, "ada", released)
    assert grade_class(own)["ada"].score == 2


def test_an_instructor_can_go_past_it_and_the_report_says_so(own, released):
    change(own, WRONG)
    hand_in(own, "ada", solved(released))
    with pytest.raises(GradingError, match="tiny has no test third"):
        grade_class(own, accept=("third",))
    assert grade_class(own, accept=("half",))["ada"].score == 5
    assert grade_class(own, force=True)["ada"].score == 5  # it is remembered
    words = "The reference solution earns 0 of 2 points in"
    page = write_report(own, TINY)
    assert words in page.read_text()
    assert words in json.loads(page.with_suffix(".json").read_text())["accepted"][0]
    # What was accepted held for that version of the tests.
    change(own, mend("test_half", "half(math.pi)", "half(1 + math.pi - 1)"))
    with pytest.raises(GradingError, match="--accept test_half"):
        grade_class(own)


def test_a_report_of_a_sound_assignment_says_nothing_of_it(own, released):
    hand_in(own, "ada", solved(released))
    grade_class(own)
    assert "reference solution earns" not in write_report(own, TINY).read_text()


def test_what_is_graded_by_hand_is_left_out(own, released):
    def by_hand(notebook):
        cell = notebook.cells[index_of(notebook, "half")]
        cell.metadata.nbgrader |= {"grade": True, "points": 2}
        del notebook.cells[index_of(notebook, "test_half")]

    hand_in(own, "ada", solved(change(own, by_hand)))
    assert watched(own)[0].startswith("pre-flight: the reference earns 3 of 3 points")


def test_private_tests_are_part_of_it(own, released, monkeypatch):
    folder = own.folder / "private" / TINY
    folder.mkdir(parents=True)
    (folder / "test_half.py").write_text("assert half(8) == 5\n")
    hand_in(own, "ada", solved(released))
    with pytest.raises(GradingError, match="0 of 2 points in `test_half`"):
        grade_class(replace(own, tests=folder.parent))


def test_every_release_that_grades_someone_is_part_of_it(own, released, ran):
    change(own, WRONG)
    keep(own, NOTEBOOK, today(own, NOTEBOOK))

    def mended(notebook):
        mend("half", "return x", "return x / 2")(notebook)
        add_third(notebook)

    newer = change(own, mended)
    hand_in(own, "new", solved(newer))
    assert watched(own)[0] == "pre-flight: the reference earns 9 of 9 points, the blank release 0"
    assert len(ran) == 3  # the kept one grades nobody
    hand_in(own, "old", solved(released))
    with pytest.raises(GradingError, match=r"with tiny of release \w+ as it is"):
        watched(own)


def test_an_exercise_may_take_twenty_times_what_the_reference_takes(own, released):
    def slow(notebook):
        mend("double", "return 2 * x", "import time; time.sleep(0.4); return 2 * x")(notebook)

    change(own, slow)
    sleeps = "__import__('time').sleep({}) or {}"
    hand_in(own, "patient", solved(released, double=sleeps.format(3, "2 * x")))
    hand_in(own, "too-slow", solved(released, half=sleeps.format(3, "x / 2")))
    bounds = Limits(least_seconds=1)
    outcomes = grade_class(own, limits=bounds)
    assert {s: o.score for s, o in outcomes.items()} == {"patient": 5, "too-slow": 3}
    assert any("it ran longer than 1 seconds" in note for note in outcomes["too-slow"].notes)
    bounds = Limits(least_seconds=1, cell_seconds=2)
    assert grade_class(own, limits=bounds)["patient"].score == 2  # an instructor's word counts


def test_doctor_runs_it_alone_and_says_what_is_wrong(own, monkeypatch):
    monkeypatch.chdir(own.root)
    arguments = ["doctor", TINY, "--classroom", str(own.folder)]
    well = CliRunner().invoke(app, arguments)
    assert well.exit_code == 0 and "earns 5 of 5 points" in well.output
    assert "test_double" in well.output and "5 s" in well.output
    change(own, WRONG)
    ill = CliRunner().invoke(app, arguments)
    assert ill.exit_code == 1 and "✗ The reference solution earns 0 of 2 points" in ill.output
    accepted = CliRunner().invoke(app, [*arguments, "--accept", "half"])
    assert accepted.exit_code == 0 and "accepted The reference" in accepted.output
    released = own.release_notebook(NOTEBOOK)
    released.write_text(released.read_text().replace("import math", "import cmath"))
    other = CliRunner().invoke(app, [*arguments, "--accept", "half"])
    assert other.exit_code == 1 and f"✗ notebooks/{TINY}/ is not what its source" in other.output


def test_nbgrader_autograde_stops_at_it_too(own, released):
    change(own, WRONG)
    nbgrader(own.root, "generate_assignment", TINY, "--force")
    hand_in(own, "ada", solved(released))
    with pytest.raises(AssertionError):
        nbgrader(own.root, "autograde", TINY)
    assert not own.autograded("ada", NOTEBOOK).exists()
    change(own, mend("half", "return x", "return x / 2"))
    nbgrader(own.root, "autograde", TINY)
    assert own.autograded("ada", NOTEBOOK).exists()


def test_who_ran_out_of_time_by_the_clock_is_examined_again_alone(own, released, monkeypatch):
    order, execute = [], workers.execute
    names = ["ada", "ben", "cem"]
    for student in names:
        answer = solved(released)
        answer.cells[index_of(answer, "double")].source += f"\nprint({student!r})"
        hand_in(own, student, answer)

    def busy(notebook, *arguments, **keywords):
        who = next((n for n in names if f"print({n!r})" in str(notebook)), "")
        executed = execute(notebook, *arguments, **keywords)
        order.append(who)
        if who in ("ada", "cem") and order.count(who) == 1:
            for cell in notebook.cells:
                cell.outputs = [{"output_type": "error"}]
            return workers.Executed(notebook, {}, by_clock=True)
        return executed

    monkeypatch.setattr(workers, "execute", busy)
    said = watched(own)
    assert sorted(order[-5:-2]) == names and sorted(order[-2:]) == ["ada", "cem"]
    assert sum("ran out of time while the machine was busy: again, alone" in s for s in said) == 2
    assert "3 of 3 graded" in said[-1]
    outcomes = grade_class(own)
    assert [o.score for o in outcomes.values()] == [5, 5, 5]
    assert [len(o.notes) for o in outcomes.values()] == [1, 0, 1]


def test_nbgrader_autograde_examines_again_at_once(own, released, monkeypatch):
    calls, execute = [], steps.execute

    def busy(notebook, *arguments, **keywords):
        calls.append(notebook)
        executed = execute(notebook, *arguments, **keywords)
        return workers.Executed(notebook, executed.seconds, by_clock=len(calls) % 2 == 1)

    monkeypatch.setattr(steps, "execute", busy)
    monkeypatch.setattr(preflight, "_examined", {})
    hand_in(own, "ada", solved(released))
    nbgrader(own.root, "generate_assignment", TINY, "--force")
    nbgrader(own.root, "autograde", TINY)
    assert len(calls) == 6  # reference, blank and ada


def test_time_that_runs_out_alone_is_a_verdict(own, released):
    hand_in(own, "ada", solved(released, half="[1 for _ in iter(int, 1)]"))
    outcome = grade_class(own, limits=Limits(cell_seconds=10, clock_factor=0.2))["ada"]
    assert outcome.score == 3
    assert any("by the clock" in note for note in outcome.notes)
