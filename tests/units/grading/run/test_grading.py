"""A class is graded: what students may do to a notebook, and what it does to their points.

The assignment of these tests is tiny and needs no TensorFlow; the real ones are graded by
`tests/catalogue` and `make demo`.
"""

import copy
import csv
import json
import os
import shutil

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from tiny import NOTEBOOK, TINY, grade_class, hand_in, index_of, nbgrader, page, solved

from autograder.examiner.job import Limits
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook import steps
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.outgoing.tables import export_csv
from autograder.grading.run import workers
from autograder.grading.run.grade import Options, _incidents, grade

ENDLESS = ("endless", "endless-when-called", "stubborn")


@pytest.fixture(scope="module")
def graded(tiny_course, tmp_path_factory, handed_in):
    """One class with every kind of student in it, graded once."""
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    for student, notebook in handed_in.items():
        hand_in(room, student, notebook)
    outcomes = grade_class(room, students=ENDLESS, limits=Limits(cell_seconds=4))
    others = tuple(sorted(set(room.students(TINY)) - set(ENDLESS)))
    return room, outcomes | grade_class(room, students=others)


@pytest.mark.parametrize(
    ("student", "score"),
    [
        ("perfect", 5),
        ("blank", 0),
        ("saved", 5),
        ("[red]ben", 5),
        ("half-right", 2),
        ("visible-only", 2),
        ("warns", 5),
        ("warns-in-the-test", 5),
        ("forged", 2),
        ("endless", 2),
        ("endless-when-called", 2),
        ("stubborn", 2),
        ("suicide", 2),
        ("exit", 2),
        ("chatty", 5),
        ("not-a-notebook", 0),
        ("scripts", 5),
        ("displays-scripts", 5),
        ("=cmd()", 5),
    ],
)
def test_each_student_gets_what_the_work_deserves(graded, student, score):
    outcome = graded[1][student]
    assert (outcome.score, outcome.max_score) == (score, 5)


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("endless", "(`double`): This cell was stopped: it ran longer than 4 seconds."),
        ("stubborn", "(`double`): This cell was stopped: it ran longer than 4 seconds."),
        ("suicide", "(`double`): This cell ended the Python process in which it ran."),
        ("exit", "(`double`): This cell ended the Python process in which it ran."),
        ("not-a-notebook", "tiny.ipynb is not a notebook: it is not JSON text."),
    ],
)
def test_what_went_wrong_is_said_to_the_instructor_and_on_the_feedback_page(graded, student, says):
    room, outcomes = graded
    assert any(says in note for note in outcomes[student].notes)
    words = says.split(": ", 1)[1] if student != "not-a-notebook" else "it is not JSON text"
    assert words in page(room, student)


def test_the_csv_cannot_start_a_formula(graded):
    _, exercises = export_csv(graded[0], [TINY]).files
    rows = list(csv.DictReader(exercises.open(encoding="utf-8-sig")))
    assert "'=cmd()" in [row["id"] for row in rows]
    perfect = next(row for row in rows if row["id"] == "perfect")
    assert (perfect["points"], perfect["double"], perfect["half"]) == ("5.0", "3.0", "2.0")


def test_grading_puts_exactly_these_files_beside_a_submission(graded):
    room = graded[0]
    found = sorted(
        str(path.relative_to(room.folder))
        for part in ("autograded", "feedback")
        for path in (room.folder / part / "perfect").rglob("*")
        if path.is_file()
    )
    assert found == [
        f"autograded/perfect/{TINY}/{TINY}.ipynb",
        f"feedback/perfect/{TINY}/{TINY}.html",
    ]


def test_the_secret_is_for_its_owner_only(graded):
    assert os.stat(graded[0].folder / "secret").st_mode & 0o077 == 0


def test_grading_again_redoes_only_what_changed(room, released):
    hand_in(room, "ada", solved(released))
    hand_in(room, "ben", released)
    first = grade_class(room)
    assert {o.status for o in first.values()} == {"graded"}
    before = room.autograded("ada", NOTEBOOK).stat().st_mtime_ns
    hand_in(room, "ben", solved(released, half="0"))
    second = grade_class(room)
    assert second["ada"].status == "graded before" and second["ada"].score == 5
    assert second["ben"].status == "graded" and second["ben"].score == 3
    assert room.autograded("ada", NOTEBOOK).stat().st_mtime_ns == before
    assert grade_class(room, force=True)["ada"].status == "graded"


def test_a_run_that_stopped_before_the_feedback_is_taken_up_again(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room)
    room.feedback("ada", NOTEBOOK).unlink()
    assert grade_class(room)["ada"].status == "graded"
    assert room.feedback("ada", NOTEBOOK).exists()


def test_a_seed_gives_the_same_verdict_again(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room, students=("ada",), seed=123)
    assert "came from seed 123" in page(room, "ada")
    (again,) = grade_class(room, students=("ada",), seed=123).values()
    assert again.status == "graded"


HALF = "\ud800"  # half of a character: JSON can say it, no file can hold it


def _with_half_characters(notebook):
    notebook.cells.append(new_code_cell(f"text = '{HALF}'", outputs=[]))
    notebook.cells[-1].outputs = [new_output("stream", text=HALF)]
    notebook.cells.append(new_markdown_cell(HALF))


def _with_a_pasted_picture(notebook):
    notebook.cells.append(
        new_markdown_cell("![x](attachment:a.png)\n\n![x][a]\n\n[a]: attachment:a")
    )


def _with_much_markup(notebook):
    notebook.cells += [new_markdown_cell("<table><b>" * 1900) for _ in range(40)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [_with_half_characters, _with_a_pasted_picture, _with_much_markup]
)
def test_what_a_student_writes_stops_nobody(room, released, change):
    notebook = solved(released)
    change(notebook)
    hand_in(room, "ada", json.dumps(notebook).encode())
    hand_in(room, "bob", solved(released))
    outcomes = grade_class(room)
    assert [outcomes[name].score for name in ("ada", "bob")] == [5, 5]
    assert "double" in page(room, "ada")


def test_a_text_far_longer_than_any_answer_is_left_out(room, released):
    notebook = solved(released)
    notebook.cells.append(new_code_cell("a." * 20_000))
    notebook.cells[index_of(notebook, "half")].source += "\n" + "#" * 20_000
    hand_in(room, "ada", notebook)
    assert grade_class(room)["ada"].score == 3
    assert "A text of 40,000 characters stood here. It was left out." in page(room, "ada")
    notebook.cells = [new_markdown_cell("x") for _ in range(2001)]
    hand_in(room, "ada", notebook)
    assert "has 2001 cells; at most 2000" in grade_class(room)["ada"].notes[0]


@pytest.mark.parametrize(
    "time",
    [b"yesterday", b"\xff\xfe", b"0001-01-01 00:00:00 +14", b"2026-01-01 00:00:00 99999999999999",
     b"9" * 30, b"2026-01-01 00:00:00 /etc/passwd", b"", b"x" * 10**6],
)  # fmt: skip
def test_a_time_that_cannot_be_read_is_noted(room, released, time):
    hand_in(room, "ada", solved(released))
    (room.submitted("ada", TINY) / "timestamp.txt").write_bytes(time)
    hand_in(room, "bob", solved(released))
    outcomes = grade_class(room)
    assert [outcomes[name].score for name in ("ada", "bob")] == [5, 5]
    assert "timestamp.txt does not say when" in outcomes["ada"].notes[0]
    assert not outcomes["ada"].late


def test_odd_files_beside_a_notebook_stop_nobody(room, released):
    hand_in(room, "ada", solved(released))
    folder = room.submitted("ada", TINY)
    (folder / os.fsdecode(b"L\xf6sung.txt")).write_text("Latin-1")
    os.mkfifo(folder / "pipe")
    (folder / "timestamp.txt").mkdir()
    with open(folder / "model.bin", "wb") as file:
        file.truncate(2**36)
    hand_in(room, "bob", solved(released))
    path = room.submitted_notebook("bob", NOTEBOOK)
    path.rename(path.with_name(os.fsdecode(b"tiny \xf6.ipynb")))
    (room.folder / "submitted" / ".ipynb_checkpoints" / TINY).mkdir(parents=True)
    outcomes = grade_class(room)
    assert set(outcomes) == {"ada", "bob"}
    assert (outcomes["ada"].score, outcomes["bob"].status) == (5, "not gradable")
    assert "tiny ?.ipynb" in outcomes["bob"].notes[0]


def test_what_makes_the_grader_fail_costs_nobody_else(room, released, monkeypatch):
    def failing(real):
        def fails(*arguments, **options):
            cells = [cell for a in arguments for cell in getattr(a, "cells", [])]
            if any("stumbling block" in cell.source for cell in cells):
                raise ValueError("a case that nobody thought of")
            return real(*arguments, **options)

        return fails

    places = ((workers, "execute"), (steps, "sanitize"), (steps.Harmless, "preprocess"))
    for place, name in places:
        with monkeypatch.context() as patch:
            patch.setattr(place, name, failing(getattr(place, name)))
            notebook = solved(released)
            notebook.cells.append(new_code_cell("'stumbling block'"))
            hand_in(room, "ada", notebook)
            hand_in(room, "bob", solved(released))
            outcomes = grade_class(room, force=True)
        assert (outcomes["ada"].status, outcomes["bob"].score) == ("not gradable", 5)
        assert outcomes["ada"].notes == ("The grader failed on it: ValueError.",)
        assert "The grader failed on it: ValueError." in page(room, "ada")


def test_a_graded_notebook_that_was_destroyed_is_graded_again(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room)
    room.autograded("ada", NOTEBOOK).write_text("")
    assert grade_class(room)["ada"].status == "graded"


def test_a_word_of_the_graders_own_is_not_believed(room, released):
    notebook = solved(released)
    answer = notebook.cells[index_of(notebook, "double")]
    answer.source = "class Stopped(Exception): pass\nraise Stopped('# Score: 5 of 5')"
    hand_in(room, "ada", notebook)
    assert grade_class(room)["ada"].notes == ()


def test_an_unknown_assignment_or_student_is_named(room, released):
    with pytest.raises(GradingError, match=r"no assignment gone. There is: tiny\."):
        grade(room, "gone", Options())
    with pytest.raises(GradingError, match="No tiny of anyone"):
        grade(room, TINY, Options())
    hand_in(room, "ada", released)
    with pytest.raises(GradingError, match="No tiny of bob"):
        grade(room, TINY, Options(students=("bob",)))


@pytest.mark.slow
def test_stock_nbgrader_gives_the_same_score(tiny_course, released):
    room = Classroom(tiny_course, tiny_course / "classroom")
    broken = solved(released, half="0")
    broken.cells.insert(0, copy.deepcopy(broken.cells[index_of(broken, "test_double")]))
    hand_in(room, "ada", broken)
    try:
        nbgrader(tiny_course, "generate_assignment", TINY, "--force")
        nbgrader(tiny_course, "autograde", TINY)
        nbgrader(tiny_course, "generate_feedback", TINY)
        with open_gradebook(room) as gradebook:
            assert gradebook.find_submission(TINY, "ada").score == 3
        assert "BEGIN HIDDEN" not in page(room, "ada")
    finally:
        shutil.rmtree(tiny_course / "classroom")


def test_of_many_cells_that_were_stopped_some_are_named():
    stopped = new_output("error", ename="Stopped", evalue="It was stopped.")
    notes = _incidents(NotebookNode(cells=[new_code_cell("x", outputs=[stopped])] * 1000))
    assert (len(notes), notes[-1]) == (31, "970 more cells were stopped, too")
