"""A class in which some cheat and some break things: nobody gains, and nobody else loses."""

import copy
import os
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from disrupting import CODE as DISRUPTING
from disrupting import ENDLESS, HARMLESS
from tampering import CODE as TAMPERING
from tampering import FILES, HARM_THEMSELVES, MAY_HARM_THEMSELVES, NOTEBOOKS, WRONG
from tiny import PATIENT, TINY, grade_class, hand_in, index_of, page, solved

from autograder.grading.classroom import Classroom

pytestmark = pytest.mark.slow

LIMITS = replace(PATIENT, memory_megabytes=600)
HONEST = ("honest-1", "honest-2", "honest-3", "honest-4")
RIGHT = "def double(x):\n    return 2 * x\n"


def with_answer(released, source):
    notebook = solved(released)
    notebook.cells[index_of(notebook, "double")].source = source
    return notebook


def crowd_out(folder):
    """Put beside a notebook what nobody should read."""
    os.mkfifo(folder / "pipe.py")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "up").symlink_to("..")
    (folder / "a\nb.py").write_text("x")
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(10 * 2**30)  # of which nothing takes place on the disk
    deep = os.open(folder, os.O_RDONLY)
    for _ in range(30):  # with a path that is too long for the system
        os.mkdir("d" * 200, dir_fd=deep)
        above, deep = deep, os.open("d" * 200, os.O_RDONLY, dir_fd=deep)
        os.close(above)
    os.close(deep)
    for number in range(3000):
        (folder / f"{number}.txt").touch()


@pytest.fixture(scope="module")
def graded(tiny_course, tmp_path_factory):
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    path = tiny_course / "notebooks" / TINY / f"{TINY}.ipynb"
    released = nbformat.read(path, as_version=4)
    for name, code in TAMPERING.items():
        hand_in(room, f"cheat-{name}", with_answer(released, WRONG + code))
    for name, change in NOTEBOOKS.items():
        notebook = with_answer(released, WRONG)
        change(notebook)
        hand_in(room, f"cheat-{name}", notebook)
    for name, files in FILES.items():
        modules = [Path(file).stem for file in files if file.endswith(".py")]
        tries = "".join(f"\ntry:\n    import {m}\nexcept ImportError:\n    pass" for m in modules)
        hand_in(room, f"cheat-{name}", with_answer(released, WRONG + tries))
        for file, content in files.items():
            (room.submitted(f"cheat-{name}", TINY) / file).write_text(content)
    for name, code in DISRUPTING.items():
        hand_in(room, f"breaks-{name}", with_answer(released, code))
    for name, code in HARMLESS.items():
        hand_in(room, f"odd-{name}", with_answer(released, RIGHT + code))
    hand_in(room, "odd-files", solved(released))
    crowd_out(room.submitted("odd-files", TINY))
    hand_in(room, "breaks-not-json", b"\x00\xff this is not a notebook")
    huge = solved(released)
    huge.metadata.junk = "x" * (5 * 2**20)
    hand_in(room, "odd-huge-metadata", huge)
    for index, name in enumerate(HONEST):
        notebook = solved(released)
        for _ in range(index):
            notebook.cells.append(copy.deepcopy(notebook.cells[-1]))
        hand_in(room, name, notebook)
    endless = tuple(f"breaks-{name}" for name in ENDLESS)
    outcomes = grade_class(room, students=endless, limits=replace(LIMITS, cell_seconds=6))
    others = tuple(sorted(set(room.students(TINY)) - set(endless)))
    return room, outcomes | grade_class(room, students=others, limits=LIMITS)


def test_there_are_enough_of_them():
    assert len(TAMPERING) + len(NOTEBOOKS) >= 35
    assert len(DISRUPTING) >= 20


@pytest.mark.parametrize("name", [*TAMPERING, *NOTEBOOKS, *FILES])
def test_a_cheat_gets_the_honest_score(graded, name):
    allowed = (0, 2) if name in MAY_HARM_THEMSELVES else (0 if name in HARM_THEMSELVES else 2,)
    assert graded[1][f"cheat-{name}"].score in allowed


@pytest.mark.parametrize("name", DISRUPTING)
def test_breaking_things_costs_only_the_exercise_that_does_it(graded, name):
    assert graded[1][f"breaks-{name}"].score == 2


@pytest.mark.parametrize("name", HARMLESS)
def test_odd_but_right_answers_keep_their_points(graded, name):
    assert graded[1][f"odd-{name}"].score == 5


def test_a_command_shows_what_it_prints(graded):
    assert "42000" in page(graded[0], "odd-runs-a-command")


def test_huge_metadata_is_dropped(graded):
    assert graded[1]["odd-huge-metadata"].score == 5


def test_files_that_nobody_should_read_cost_nothing(graded):
    outcome = graded[1]["odd-files"]
    assert outcome.score == 5
    assert len(outcome.notes) == 1 and outcome.notes[0].endswith(" more")


@pytest.mark.parametrize("name", HONEST)
def test_everyone_else_keeps_their_points(graded, name):
    assert graded[1][name].score == 5


def test_what_is_no_notebook_is_reported(graded):
    outcome = graded[1]["breaks-not-json"]
    assert (outcome.score, outcome.status) == (0, "not gradable")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("exits", "ended the Python process"),
        ("endless", "ran longer than 5 seconds"),
        ("fork-bomb", "more than 64 processes"),
        ("thread-bomb", "more than 512 threads"),
        ("memory-bomb", "more than 600 MB of memory"),
        ("memory-of-a-child", "more than 600 MB of memory"),
        ("memory-of-many-children", "more than 600 MB of memory"),
        ("shared-memory", "more than 600 MB of memory"),
        ("page-tables", "more than 600 MB of memory"),
        ("full-sockets", "more than 600 MB of memory"),
        ("error-whose-class-acts", "NameError"),
        ("dies-when-called", "ended the Python process"),
        ("returns-a-huge-int", "int with too many digits cannot cross"),
    ],
)
def test_the_feedback_says_what_happened(graded, name, words):
    assert words in page(graded[0], f"breaks-{name}")
