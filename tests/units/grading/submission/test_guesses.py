"""A class whose notebook asks for guesses: they cost nothing, earn nothing and run nowhere."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from tiny import NOTEBOOK, TINY, change, grade_class, hand_in, index_of, mend, page, solved

from autograder import cells
from autograder.grading.outgoing.marks import read_class
from autograder.grading.submission.sanitize import sanitize

ASKS = 'lab.predict("four", "What is twice 4?", options=[4, 8], guess=None)'
RUNS = "import math\n\nclass lab:\n    def predict(*a, **k): print('it was asked')"


def ask(notebook):
    """Ask right above an answer; who runs the cell will see it."""
    mend("setup", "import math", RUNS)(notebook)
    notebook.cells.insert(index_of(notebook, "half"), new_code_cell(ASKS))


@pytest.fixture
def asked(own):
    """What students of the class `own` are given."""
    return change(own, ask)


def place_of(notebook):
    return next(i for i, c in enumerate(notebook.cells) if c.source.startswith("lab.predict("))


def guessed(notebook, guess, more=""):
    made = solved(notebook)
    asks = made.cells[place_of(made)]
    asks.source = ASKS.replace("None", guess) + more
    asks.outputs = [new_output("stream", text="seen at home")]
    return made


def retyped(notebook, guess):
    """The question in a cell that the student made, in another place and another layout."""
    made = guessed(notebook, guess)
    made.cells.pop(place_of(made))
    source = ASKS.replace("None", guess).replace(", ", ",\n    ")
    made.cells.insert(1, new_code_cell(f"{source}  # I think"))
    return made


@pytest.mark.parametrize("full", [False, True])
def test_guesses_change_no_score_and_run_nowhere(own, asked, full):
    class_of = {
        "blank": solved(asked),
        "number": guessed(asked, "7"),
        "text": guessed(asked, "'an answer, a long one: f(x) = 2 * x for each x'"),
        "wild": guessed(asked, "{'a': [1, (2, None)]}"),
        "retyped": retyped(asked, "'five'"),
    }
    for student, notebook in class_of.items():
        hand_in(own, student, notebook)
    outcomes = grade_class(own, full=full)
    assert {s: (o.score, [*o.notes]) for s, o in outcomes.items()} == dict.fromkeys(
        class_of, (5, [])
    )
    for student in class_of:
        graded = nbformat.read(own.autograded(student, NOTEBOOK), as_version=4)
        assert "it was asked" not in str([c.get("outputs") for c in graded.cells])
    assert "edited" not in page(own, "number") and "guess=" in page(own, "number")
    for submission in read_class(own, TINY).submissions:
        assert submission.answers.keys() == {"double", "half"}  # all that `similar` compares


def test_code_in_the_place_of_a_guess_runs_as_in_any_cell_that_was_edited(own, asked):
    more = "\nprint('and more')\n%time half = lambda x: 0"
    hand_in(own, "ada", guessed(asked, "7", more))
    hand_in(own, "bob", guessed(asked, "print('and more')"))
    outcomes = grade_class(own)
    assert [outcomes[s].score for s in ("ada", "bob")] == [5, 5]  # the answer comes below it
    for student in ("ada", "bob"):
        text = own.autograded(student, NOTEBOOK).read_text()
        assert "it was asked" in text and '"and more\\n' in text


def test_a_prediction_is_never_taken_for_an_answer(own, asked):
    instructor = nbformat.read(own.instructor_notebook(NOTEBOOK), as_version=4)
    made = guessed(asked, '"""\ndef half(x):\n    return 0\n"""')
    made.cells.pop(index_of(made, "half"))
    clean, notes = sanitize(made, instructor, asked)
    assert notes == ["the answer cell `half` had been deleted; it was put back"]
    kept = [c for c in clean.cells if cells.role(c) == "prediction"]
    assert len(kept) == 1 and not cells.is_given(kept[0])


def test_a_prediction_stays_where_it_is_while_own_cells_stay_above_an_answer(own, asked):
    instructor = nbformat.read(own.instructor_notebook(NOTEBOOK), as_version=4)
    made = guessed(asked, "7")
    made.cells.append(made.cells.pop(index_of(made, "half")))
    orders = []
    for guess in ("None", "7"):
        one = copy.deepcopy(made)
        one.cells[place_of(one)].source = ASKS.replace("None", guess)
        clean, _ = sanitize(one, instructor, asked)
        orders.append([cells.grade_id(c) or cells.role(c) for c in clean.cells])
    assert orders[0] == orders[1]


def test_a_guess_that_is_no_python_stops_no_run_all(asked):
    assert asked.cells[place_of(asked)].metadata.tags == ["raises-exception"]
