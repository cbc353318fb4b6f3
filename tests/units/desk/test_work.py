"""A student's answers are never lost: not to a new release, not to a broken file."""

import copy
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from tiny import ROOT, TINY, add_third, index_of, mend, solved

from autograder import cells
from autograder.authoring.release import release
from autograder.desk.merge import HEADING
from autograder.desk.work import own_file, prepare, released_file


def read(path):
    return nbformat.read(path, as_version=4)


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def source_of(notebook, name):
    return cells.by_id(notebook.cells)[name].source


def everything(root):
    files = (path for path in root.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture
def begun(course):
    """The course, once the desk has been laid out."""
    assert list(prepare(course)) == []
    return course


@pytest.fixture
def publish(begun, instructor, tiny_course, tmp_path):
    """A function that changes the source and puts its release into the student's course."""

    def new(alter):
        notebook = copy.deepcopy(instructor)
        alter(notebook)
        scratch = tmp_path / "scratch"
        made = release(tiny_course, TINY, notebook, scratch)
        shutil.copytree(made, begun / "notebooks" / TINY, dirs_exist_ok=True)
        shutil.rmtree(scratch)
        return read(released_file(begun, TINY))

    return new


def write(course, alter=lambda notebook: None, **answers):
    """Save a student's file with answers; the others stay stubs."""
    notebook = read(own_file(course, TINY))
    stubs = {name: source_of(notebook, name) for name in ("double", "half")}
    notebook = solved(notebook, **answers)
    for name in stubs.keys() - answers.keys():
        cells.by_id(notebook.cells)[name].source = stubs[name]
    alter(notebook)
    nbformat.write(notebook, own_file(course, TINY))


def test_the_first_start_copies_the_release_and_what_lies_beside_it(course):
    data = course / "notebooks" / TINY / "data"
    data.mkdir()
    (data / "numbers.csv").write_text("1,2")
    assert list(prepare(course)) == []
    assert own_file(course, TINY).read_bytes() == released_file(course, TINY).read_bytes()
    assert (course / "my-work" / TINY / "data/numbers.csv").read_text() == "1,2"


def test_answers_in_the_released_notebook_come_along_and_stay_there(course):
    file = released_file(course, TINY)
    nbformat.write(solved(read(file)), file)
    before = file.read_bytes()
    (said,) = prepare(course)
    assert own_file(course, TINY).read_bytes() == before == file.read_bytes()
    assert said.startswith(f"my-work/{TINY}/{TINY}.ipynb now holds the answers")


@pytest.mark.parametrize("in_git", [True, False])
def test_what_was_added_to_the_released_notebook_survives_the_next_release(
    course, instructor, tiny_course, tmp_path, in_git
):
    if in_git:
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Release"]):
            who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
            subprocess.run(["git", *who, *words], cwd=course, check=True)
    file = released_file(course, TINY)
    notebook = solved(read(file))
    own = new_code_cell("mine = 1", id="0b8ae5a3-3b8c-4a0a-9d5d-5f6a9a0a5d0c")
    notebook.cells.insert(index_of(notebook, "half"), own)
    nbformat.write(notebook, file)
    assert len(list(prepare(course))) == 1
    assert list(prepare(course)) == []  # what stands there now is not another release

    mend("setup", "import math", "import math, cmath")(instructor)
    shutil.copytree(
        release(tiny_course, TINY, instructor, tmp_path / "new"), file.parent, dirs_exist_ok=True
    )
    assert "is now the new release" in next(iter(prepare(course)))
    merged = read(own_file(course, TINY))
    assert source_of(merged, "setup") == "import math, cmath"
    assert "return 2 * x" in source_of(merged, "double")
    assert sources(merged).index("mine = 1") < index_of(merged, "half")


def test_without_a_new_release_nothing_is_written(begun):
    write(begun, double="x + x")
    before = everything(begun)
    assert list(prepare(begun)) == []
    assert everything(begun) == before


def test_a_new_release_takes_over_all_but_the_answers(begun, publish):
    write(begun, double="x + x")
    student = own_file(begun, TINY).read_bytes()

    def alter(notebook):
        mend("test_double", "double(1) == 2", "double(5) == 10")(notebook)
        notebook.cells[0].source = "# Tiny, second edition"
        add_third(notebook)

    new = publish(alter)
    (said,) = prepare(begun)
    merged = read(own_file(begun, TINY))
    expected = copy.deepcopy(new)
    cells.by_id(expected.cells)["double"].source = "def double(x):\n    return x + x"
    assert merged == expected
    (kept,) = (begun / "my-work" / TINY / "earlier").iterdir()
    assert kept.read_bytes() == student
    assert kept.relative_to(begun).as_posix() in said
    assert list(prepare(begun)) == []


def test_a_stub_that_was_not_touched_becomes_the_new_stub(begun, publish):
    write(begun, double="x + x")
    new = publish(mend("half", "def half(x):\n", 'def half(x):\n    """Halve x."""\n'))
    assert "Halve x." in source_of(new, "half")
    list(prepare(begun))
    assert source_of(read(own_file(begun, TINY)), "half") == source_of(new, "half")


def test_cells_of_the_students_own_follow_the_neighbor_that_they_followed(begun, publish):
    def add(notebook):
        notebook.cells.insert(index_of(notebook, "half"), new_markdown_cell("My note on half"))
        notebook.cells.insert(0, new_markdown_cell("My name"))
        notebook.cells.append(new_code_cell("half(8)"))

    write(begun, add, half="x / 2")
    publish(lambda notebook: notebook.cells.insert(1, new_markdown_cell("New prose")))
    list(prepare(begun))
    found = sources(read(own_file(begun, TINY)))
    assert found[:3] == ["My name", "# Tiny", "New prose"]
    assert found[found.index("My note on half") - 1] == "print('a demonstration')"
    assert found[-1] == "half(8)"


def test_changed_locked_cells_and_outputs_of_the_student_do_not_survive(begun, publish):
    def cheat(notebook):
        test = cells.by_id(notebook.cells)["test_double"]
        test.source = "pass"
        test.outputs = [nbformat.v4.new_output("stream", text="✓ double: right")]

    write(begun, cheat, double="x + x")
    new = publish(add_third)
    list(prepare(begun))
    merged = read(own_file(begun, TINY))
    assert source_of(merged, "test_double") == source_of(new, "test_double")
    assert not any(cell.get("outputs") for cell in merged.cells)


def test_what_a_student_wrote_into_an_open_cell_stays_while_the_release_keeps_the_cell(
    begun, publish
):
    def guess(notebook):
        place = sources(notebook).index("print('a demonstration')")
        notebook.cells[place].source = "print('my guess: 4')"

    write(begun, guess, double="x + x")
    publish(add_third)
    list(prepare(begun))
    found = sources(read(own_file(begun, TINY)))
    assert "print('my guess: 4')" in found
    assert "print('a demonstration')" not in found


def ask(question, **others):
    """A function that puts a prediction, and others by key, above the last cell."""

    def alter(notebook):
        for key, text in {"four": question, **others}.items():
            asks = f"lab.predict({key!r}, {text!r}, guess=None)"
            notebook.cells.insert(-1, new_code_cell(asks, id=f"ask-{len(text)}"))

    return alter


@pytest.mark.parametrize("retyped", [False, True])
@pytest.mark.parametrize("same", [False, True])
def test_a_guess_moves_to_the_question_of_the_same_key(begun, publish, retyped, same):
    publish(ask("What is twice 4?"))
    list(prepare(begun))

    def guess(notebook):
        place = next(i for i, c in enumerate(notebook.cells) if cells.predictions(c))
        source = notebook.cells[place].source.replace("None", '"eight, I think"')
        if retyped:
            notebook.cells[place] = new_code_cell(source)
        else:
            notebook.cells[place].source = source

    write(begun, guess, double="x + x")
    wording = "What is twice 4?" if same else "What will twice 4 be?"
    publish(ask(wording, five="And twice 5?"))
    list(prepare(begun))
    found = [p for c in read(own_file(begun, TINY)).cells for p in cells.predictions(c)]
    assert found == [
        {"key": "four", "question": wording, "guess": "eight, I think"},
        {"key": "five", "question": "And twice 5?", "guess": None},
    ]
    publish(add_third)  # without questions
    list(prepare(begun))
    assert not any(cells.predictions(c) for c in read(own_file(begun, TINY)).cells) or retyped


def test_a_guess_in_the_released_notebook_is_no_other_release(begun, publish):
    publish(ask("What is twice 4?"))
    list(prepare(begun))
    write(begun, double="x + x")
    file = released_file(begun, TINY)
    nbformat.write(nbformat.reads(file.read_text().replace("guess=None", "guess=8"), 4), file)
    before = own_file(begun, TINY).read_bytes()
    assert list(prepare(begun)) == []
    assert own_file(begun, TINY).read_bytes() == before


def test_an_answer_whose_exercise_is_gone_stays_below_a_heading_and_is_not_graded(begun, publish):
    write(begun, double="x + x", half="x / 2")

    def drop(name):
        def alter(notebook):
            for gone in (name, f"test_{name}"):
                del notebook.cells[index_of(notebook, gone)]

        return alter

    publish(drop("half"))
    list(prepare(begun))
    *_, heading, answer = read(own_file(begun, TINY)).cells
    assert (heading.cell_type, heading.source) == ("markdown", HEADING)
    assert (answer.cell_type, answer.source) == ("code", "def half(x):\n    return x / 2")
    assert "nbgrader" not in answer.metadata

    def both(notebook):
        drop("half")(notebook)
        drop("double")(notebook)

    publish(both)
    list(prepare(begun))
    found = sources(read(own_file(begun, TINY)))
    start = found.index(HEADING)
    assert found[start + 1 :] == [
        "def half(x):\n    return x / 2",
        "def double(x):\n    return x + x",
    ]


def damage(notebook):
    twin = copy.deepcopy(cells.by_id(notebook.cells)["double"])
    twin.id = "twin"
    notebook.cells.append(twin)


def unmark(notebook):
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)


@pytest.mark.parametrize("alter, why", [(damage, "two cells are called double"), (unmark, "marks")])
def test_a_notebook_whose_ids_are_unclear_is_left_alone(begun, publish, alter, why):
    write(begun, alter, double="x + x")
    before = own_file(begun, TINY).read_bytes()
    publish(add_third)
    (said,) = prepare(begun)
    assert why in said and said.startswith(f"my-work/{TINY}/{TINY}.ipynb stays as it is")
    assert own_file(begun, TINY).read_bytes() == before


@pytest.mark.parametrize("content", [b"my homework", b'{"cells": 1}', b"\xff\xfe", b"[]"])
def test_a_file_that_is_not_a_notebook_is_left_alone(begun, publish, content):
    own_file(begun, TINY).write_bytes(content)
    publish(add_third)
    (said,) = prepare(begun)
    assert "it cannot be read as a notebook" in said
    assert own_file(begun, TINY).read_bytes() == content


def test_a_notebook_whose_release_is_not_known_gets_the_texts_of_todays(begun, publish):
    write(begun, double="def double(x):\n    return x + x")
    publish(lambda notebook: notebook.cells.insert(0, new_markdown_cell("New.", id="new")))
    shutil.rmtree(begun / "my-work" / ".releases")
    released = read(released_file(begun, TINY))
    notebook = read(own_file(begun, TINY))
    notebook.cells[0].source = "An earlier text of the course."
    nbformat.write(notebook, own_file(begun, TINY))
    assert "is now the new release" in next(iter(prepare(begun)))
    merged = read(own_file(begun, TINY))
    assert "return x + x" in source_of(merged, "double")
    assert [c.source for c in merged.cells if not cells.grade_id(c)] == [
        c.source for c in released.cells if not cells.grade_id(c)
    ]


def test_files_of_two_releases_of_one_second_are_both_kept(begun, publish):
    for number, answer in enumerate(["x + x", "x * 2"]):
        write(begun, double=answer)
        publish(mend("setup", "import math", f"import math  # {number}"))
        os.utime(own_file(begun, TINY), (0, 0))
        assert len(list(prepare(begun))) == 1
    kept = sorted((begun / "my-work" / TINY / "earlier").iterdir())
    assert len(kept) == 2
    assert {"x + x" in path.read_text() for path in kept} == {True, False}


def test_what_a_student_wrote_beside_the_notebook_is_kept_when_a_release_brings_its_own(begun):
    own = begun / "my-work" / TINY / "numbers.csv"
    own.write_text("mine")
    (begun / "notebooks" / TINY / "numbers.csv").write_text("1,2")
    list(prepare(begun))
    assert own.read_text() == "1,2"
    own.write_text("3,4")
    list(prepare(begun))
    assert own.read_text() == "3,4"
    assert [p.read_text() for p in own.parent.glob("earlier/numbers *.csv")] == ["mine"]


def test_the_desk_loads_neither_tensorflow_nor_what_students_lack():
    heavy = ["tensorflow", "keras", "nbgrader", "jupytext", "rich", "typer", "msgspec"]
    program = "import sys, autograder.desk.__main__; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert {*heavy} & {*run.stdout.split()} == set() and run.returncode == 0


def test_make_clean_leaves_my_work_alone(begun):
    shutil.copy(ROOT / "Makefile", begun)
    for folder in ("my-work/tiny", "notebooks/tiny"):
        (begun / folder / "__pycache__").mkdir()
        (begun / folder / "__pycache__/own.pyc").write_text("made from a module of the student's")
    before = everything(begun / "my-work")
    subprocess.run(["make", "clean"], cwd=begun, check=True, capture_output=True)
    assert everything(begun / "my-work") == before
    assert not (begun / "notebooks/tiny/__pycache__").exists()
