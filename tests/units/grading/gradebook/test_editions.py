"""A class whose gradebook has submissions stays with the release that they were graded with."""

import contextlib
import json
import sqlite3

import nbformat
import pytest
from tiny import (
    NOTEBOOK,
    TINY,
    add_third,
    change,
    grade_class,
    hand_in,
    index_of,
    mend,
    nbgrader,
    other_double,
    read_first_edition,
    solved,
)

from autograder.grading.classroom import GradingError
from autograder.grading.display import print_table
from autograder.grading.doctor import _editions
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.editions import edition
from autograder.grading.outgoing.gradescope.export import _autograder
from autograder.grading.outgoing.report import write_report
from autograder.grading.submission.releases import keep, today


def other_course(notebook):
    """Another test, other points, one exercise more: nothing of it may reach the class."""
    other_double(notebook)
    notebook.cells[index_of(notebook, "test_half")].metadata.nbgrader.update(points=7)
    add_third(notebook)


@pytest.fixture
def graded(own, released):
    """A class that was graded once, and whose course has changed since."""
    hand_in(own, "ada", solved(released))
    assert grade_class(own)["ada"].score == 5
    change(own, other_course)
    return own


def closed(room):
    """Have the gradebook refuse any change to a grade cell."""
    with contextlib.closing(sqlite3.connect(room.folder / "gradebook.db")) as database:
        for table in ("base_cell", "grade_cells"):
            for event in ("insert", "update", "delete"):
                database.execute(
                    f"create trigger {table}_{event} before {event} on {table}"
                    " begin select raise(abort, 'a grade cell was written'); end"
                )
        database.commit()


def test_who_submits_later_is_graded_by_the_same_cells_points_and_tests(graded, released):
    closed(graded)
    hand_in(graded, "later", solved(released, half="x"))
    outcomes = grade_class(graded)
    assert {s: (o.score, o.max_score) for s, o in outcomes.items()} == {
        "ada": (5, 5),
        "later": (3, 5),
    }
    assert outcomes["ada"].status == "graded before"
    forced = grade_class(graded, force=True)
    assert [o.score for o in forced.values()] == [5, 3]
    assert not any(o.notes for o in forced.values())


def test_a_notebook_of_todays_release_is_graded_by_the_classs_unless_that_was_kept(graded):
    released = nbformat.read(graded.release_notebook(NOTEBOOK), as_version=4)
    hand_in(graded, "new", solved(released, double="2 * x + (x == 1) / 2"))
    assert grade_class(graded)["new"].score == 2  # double(1) is 2 in this class
    keep(graded, NOTEBOOK, today(graded, NOTEBOOK))
    outcome = grade_class(graded)["new"]
    assert (outcome.score, outcome.max_score) == (3, 5)
    assert any("made from another release" in note for note in outcome.notes)
    assert any("`test_half` is worth 7 points there and 2 here" in n for n in outcome.notes)


def test_fixed_hidden_tests_of_the_same_release_hold_and_stand_in_the_gradebook(own, released):
    hand_in(own, "ada", solved(released, half="x * 0.5 if x < 100 else 0"))
    assert grade_class(own)["ada"].score == 5
    closed(own)
    change(own, mend("test_half", "half(math.pi) ==", "half(200) == 100 and half(math.pi) =="))
    assert grade_class(own)["ada"].score == 3
    with open_gradebook(own) as gradebook:
        assert "half(200)" in gradebook.find_source_cell("test_half", TINY, TINY).source
    graded = nbformat.read(own.autograded("ada", NOTEBOOK), as_version=4)
    assert "half(200)" in graded.cells[index_of(graded, "test_half")].source


def test_table_report_and_doctor_name_the_edition_and_todays(graded, capsys):
    own, now = edition(graded, NOTEBOOK), today(graded, NOTEBOOK)
    words = f"{own.id}, kept {own.kept:%Y-%m-%d}; today's is {now.id}, for classes without"
    from rich.console import Console

    print_table(Console(width=200), graded, TINY, list(grade_class(graded).values()))
    assert f"Edition   {words}" in capsys.readouterr().out
    page = write_report(graded, TINY)
    assert words in page.read_text().replace("&#39;", "'")
    data = json.loads(page.with_suffix(".json").read_text())
    assert data["edition"].startswith(words)
    assert [e["points"] for e in data["exercises"]] == [3, 2]
    (finding,) = _editions(graded)
    assert finding.found.startswith(words)


def test_todays_release_applies_once_the_gradebook_is_moved_away(graded, released):
    (graded.folder / "gradebook.db").rename(graded.folder / "first-term.db")
    outcome = grade_class(graded)["ada"]
    assert (outcome.score, outcome.max_score) == (3, 14)  # by hand: half, third
    assert outcome.why == "new"
    assert edition(graded, NOTEBOOK).id == today(graded, NOTEBOOK).id
    (graded.folder / "first-term.db").rename(graded.folder / "gradebook.db")
    outcome = grade_class(graded)["ada"]
    assert (outcome.score, outcome.max_score) == (5, 5)


@pytest.mark.slow
def test_stock_nbgrader_and_gradescope_use_the_edition(graded, released):
    hand_in(graded, "later", solved(released))
    closed(graded)
    nbgrader(graded.root, "generate_assignment", TINY, "--force")
    nbgrader(graded.root, "autograde", TINY, "--student", "later")
    with open_gradebook(graded) as gradebook:
        later = gradebook.find_submission(TINY, "later")
        assert (later.score, later.max_score) == (5, 5)
    files = dict(_autograder(graded, TINY, "visible"))
    assert b"double(1) == 2.5" not in files[f"course/solutions/{TINY}/{TINY}.ipynb"]
    assert files[f"course/notebooks/{TINY}/{TINY}.ipynb"] == released_bytes(graded)


@pytest.mark.slow
def test_stock_nbgrader_uses_fixed_hidden_tests_of_the_edition(own, released):
    hand_in(own, "ada", solved(released, half="x * 0.5 if x < 100 else 0"))
    nbgrader(own.root, "generate_assignment", TINY, "--force")
    nbgrader(own.root, "autograde", TINY)
    change(own, mend("test_half", "half(math.pi) ==", "half(200) == 100 and half(math.pi) =="))
    nbgrader(own.root, "autograde", TINY, "--force")
    with open_gradebook(own) as gradebook:
        assert gradebook.find_submission(TINY, "ada").score == 3


def released_bytes(room):
    return edition(room, NOTEBOOK).files[1].read_bytes()


def test_a_class_without_its_release_is_told_how_to_get_it(graded, released):
    for file in edition(graded, NOTEBOOK).files:
        file.unlink()
    edition_folder = graded.folder / "releases" / TINY
    for folder in edition_folder.iterdir():
        folder.rmdir()
    with pytest.raises(GradingError, match=f"`autograder keep {TINY} --revision"):
        grade_class(graded)


def test_a_class_of_an_earlier_version_stays_with_its_edition(tmp_path):
    old = read_first_edition(tmp_path)
    before = edition(old, NOTEBOOK)
    change(old, other_course)
    assert edition(old, NOTEBOOK).id == before.id != today(old, NOTEBOOK).id
    closed(old)
    outcomes = grade_class(old, force=True)
    assert not any(outcome.changes for outcome in outcomes.values())
    assert outcomes["perfect-ada-101"].score == 5
