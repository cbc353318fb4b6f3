"""What a notebook says of questions, guesses and outcomes."""

import importlib.util

import numpy as np
import pytest

from autograder import lab


@pytest.fixture
def fresh():
    """The module as a new kernel has it."""
    spec = importlib.util.find_spec("autograder.lab.predictions")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_blank_guess_is_one_friendly_line(fresh):
    for blank in (None, "", "  "):
        shown = fresh.predict("zeros", "How many zeros?", options=[1, "two"], guess=blank)
        assert repr(shown).split("\n") == [
            "Predict: How many zeros?",
            "  - 1",
            "  - two",
            "No guess yet: write one after `guess=`, run this cell, then read on.",
        ]


def test_html_says_the_same_and_nothing_in_it_acts(fresh):
    shown = fresh.predict("a", "Is `x < y`?", ["<b>", "no"], guess="<script>")._repr_html_()
    assert "<code>x &lt; y</code>" in shown
    assert "<li>&lt;b&gt;</li><li>no</li>" in shown
    assert 'Your guess: "&lt;script&gt;".' in shown and "color" not in shown


@pytest.mark.parametrize(
    ("options", "guess", "is_one"),
    [
        (["3 x 3", "5 x 5"], "3X3 ", True),
        ([7, 8], "8", True),
        (["7", "8"], 8.0, True),
        (["yes", "no"], True, False),
        ([7, 8], 9, False),
        (None, "anything", True),
    ],
)
def test_a_guess_that_is_no_option_is_said_kindly(fresh, options, guess, is_one):
    shown = repr(fresh.predict("a", "Which?", options, guess))
    assert ("none of the options" not in shown) == is_one
    assert "Your guess: " in shown


@pytest.mark.parametrize(
    ("guess", "answer", "says"),
    [
        ("7", 8, 'Outcome: 8. Your guess was "7".'),
        (None, 8, "Outcome: 8 (no guess)."),
        ("8", 8, "As you guessed: 8."),
        (8, np.int64(8), "As you guessed: 8."),
        (8.0, "8", "As you guessed: 8."),
        (0.1, np.float32(0.1), "As you guessed: 0.1."),
        (" Yes", "yes", "As you guessed: yes."),
        ("yes", "no", 'Outcome: no. Your guess was "yes".'),
        (100001, 100002, 'Outcome: 100002. Your guess was "100001".'),
        ((2, 3), "(2,3)", "As you guessed: (2,3)."),
        ("one\nand\nmore", 1, 'Outcome: 1. Your guess was "one".'),
    ],
)
def test_an_outcome_is_one_line_beside_the_guess(fresh, capsys, guess, answer, says):
    fresh.predict("a", "How many?", guess=guess)
    fresh.outcome("a", answer)
    assert capsys.readouterr().out == f"{says}\n"


def test_an_outcome_may_say_why_and_needs_no_question(fresh, capsys):
    fresh.outcome("a", 8, why="Each pixel counts twice.")
    assert capsys.readouterr().out == "Outcome: 8. Each pixel counts twice.\n"


def test_the_table_shows_guesses_and_outcomes_in_the_order_of_the_questions(fresh):
    fresh.predict("a", "How many?", guess=7)
    fresh.predict("b", "Is it?")
    fresh.predict("c", "How wide is `y`?", guess=3)
    fresh.outcome("b", "no")
    fresh.outcome("a", 8)
    fresh.predict("a", "How many?", guess="8")  # run again
    table = fresh.predictions()
    assert (
        repr(table)
        == """\
1  How many?
   your guess: 8
   outcome: 8  ✓ met
2  Is it?
   your guess: no guess
   outcome: no
3  How wide is `y`?
   your guess: 3
   outcome: not run yet

You guessed 2 of 3 and met 1. Guesses stay in this notebook and count for no points."""
    )
    shown = table._repr_html_()
    assert shown.count("<tr>") == 4 and shown.count("<th scope='col'") == 3
    assert "3 · How wide is <code>y</code>?" in shown


def test_without_guesses_the_table_has_questions_and_outcomes_only(fresh):
    fresh.predict("a", "How many?", options=[7, 8])
    fresh.outcome("a", 8)
    table = fresh.predictions()
    closing = "Guesses stay in this notebook and count for no points."
    assert repr(table) == f"1  How many?\n   outcome: 8\n\n{closing}"
    assert "your guess" not in table._repr_html_() and "met" not in table._repr_html_()


def test_notebooks_find_the_functions_in_lab():
    assert {lab.predict, lab.outcome, lab.predictions} <= {getattr(lab, n) for n in lab.__all__}
