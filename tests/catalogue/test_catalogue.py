"""Right answers in any style keep all their points; realistic wrong ones lose some."""

import contextlib
import io
from functools import cache

import packed
import pytest
from packed import ASSIGNMENTS, catalogue, grade, named_share, names_before, solution_sources

from autograder.grading.run.outcomes import Outcome
from autograder.lab.shown import describe

EVERY_ANSWER = [(a, answer) for a in ASSIGNMENTS for answer in catalogue(a)]


@cache
def marks(assignment):
    return {m.answer: m for m in grade(assignment, catalogue(assignment))}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "answer"), EVERY_ANSWER, ids=[f"{x.function}-{x.name}" for _, x in EVERY_ANSWER]
)
def test_an_answer_gets_what_it_deserves(assignment, answer):
    mark = marks(assignment)[answer]
    assert mark.points > 0
    assert not mark.surprise
    call, _, expected = mark.call.partition("  # expected ")
    if expected and not mark.hidden:  # the line can be pasted, and shows the difference
        names = dict(names_before(assignment))
        exec(answer.source, names)
        with contextlib.redirect_stdout(io.StringIO()):
            assert describe(eval(call, names)) != expected


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_exercise_has_two_right_and_four_wrong_answers(assignment):
    answers = catalogue(assignment)
    for function in solution_sources(assignment):
        names = [a.name for a in answers if a.function == function]
        assert sum(n.startswith("right_") for n in names) >= 2, function
        assert sum(n.startswith("wrong_") for n in names) >= 4, function
        assert all(n.startswith(("right_", "wrong_")) for n in names)


def test_what_is_not_graded_is_named_with_its_answers_and_the_reason(monkeypatch):
    def not_gradable(room, assignment, options):
        (student,) = room.students(assignment)
        return [Outcome(student, 0, 1, "not gradable", ("It is empty.",), late=False)]

    monkeypatch.setattr(packed.run, "grade", not_gradable)
    answer = catalogue(ASSIGNMENTS[0])[0]
    named = rf"row000 \({answer.function}/{answer.name}\) was not graded: It is empty\."
    with pytest.raises(AssertionError, match=named):
        grade(ASSIGNMENTS[0], [answer])


@pytest.mark.slow
def test_causes_are_named_and_none_is_named_wrongly():
    share, misled = named_share(mark for a in ASSIGNMENTS for mark in marks(a).values())
    assert misled == 0
    assert share >= 0.8 or len(EVERY_ANSWER) < 100  # of a few answers a share says little
