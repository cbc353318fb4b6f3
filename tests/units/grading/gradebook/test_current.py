"""Nobody is graded with notebooks that somebody has solved or that are out of date."""

import shutil
import subprocess
import sys

import jupytext
import nbformat
import pytest
from tiny import NOTEBOOK, TINY, change, grade_class, hand_in, index_of, mend, solved

from autograder.grading import doctor
from autograder.grading.classroom import GradingError
from autograder.grading.gradebook import current
from autograder.grading.gradebook.current import require_current


def rewrite(room, alter):
    """Change what lies in notebooks/, as someone who opens it there does."""
    path = room.release_notebook(NOTEBOOK)
    notebook = nbformat.read(path, as_version=4)
    notebook = alter(notebook) or notebook
    nbformat.write(notebook, path)


def test_an_answer_in_the_released_notebook_stops_grading_before_any_student_is_touched(
    own, released
):
    hand_in(own, "ada", solved(released))
    rewrite(own, solved)
    with pytest.raises(GradingError) as refused:
        grade_class(own)
    (sentence,) = str(refused.value).split("\n")
    for told in (f"`git checkout notebooks/{TINY}`", "`make build`", "my-work/", "(double)"):
        assert told in sentence
    assert [p.name for p in own.folder.iterdir()] == ["submitted"]


def test_doctor_says_which_release_is_not_what_its_source_gives(own):
    assert [item.state for item in doctor._outdated(own)] == ["ok"]
    rewrite(own, solved)
    (item,) = doctor._outdated(own)
    assert item.state == "limited" and f"git checkout notebooks/{TINY}" in item.todo
    assert not own.folder.exists() or not [*own.folder.iterdir()]  # it only looks


def add(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("double(2)"))


def drop(notebook):
    del notebook.cells[index_of(notebook, "test_half")]


def make_it_worth_more(notebook):
    notebook.cells[index_of(notebook, "test_half")].metadata.nbgrader.points = 20


@pytest.mark.parametrize("alter", [add, drop, make_it_worth_more, mend("setup", "math", "cmath")])
def test_a_release_with_other_cells_is_refused(own, alter):
    require_current(own, [TINY])
    rewrite(own, alter)
    with pytest.raises(GradingError, match="is not what its source gives"):
        require_current(own, [TINY])


def test_outputs_and_other_line_ends_of_the_file_do_not_make_another_release(own):
    def run(notebook):
        notebook.cells[1].execution_count = 1
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]

    rewrite(own, run)
    path = own.release_notebook(NOTEBOOK)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    require_current(own, [TINY])


def test_a_changed_source_is_refused_until_it_is_released(own):
    path = own.instructor_notebook(NOTEBOOK)
    notebook = nbformat.read(path, as_version=4)
    mend("setup", "import math", "import math, cmath")(notebook)
    nbformat.write(notebook, path)
    with pytest.raises(GradingError, match=r"setup"):
        require_current(own, [TINY])
    change(own, lambda notebook: None)
    require_current(own, [TINY])


def test_hidden_tests_may_change_without_a_new_release(own):
    path = own.instructor_notebook(NOTEBOOK)
    notebook = nbformat.read(path, as_version=4)
    mend("test_double", "double(3) == 6", "double(4) == 8")(notebook)
    nbformat.write(notebook, path)
    require_current(own, [TINY])


def test_where_there_is_a_text_source_it_decides(own, instructor):
    text = own.root / "solutions" / f"{TINY}.py"
    text.write_text(jupytext.writes(instructor, fmt="py:percent"))
    require_current(own, [TINY])
    mend("setup", "import math", "import math, cmath")(instructor)
    text.write_text(jupytext.writes(instructor, fmt="py:percent"))
    with pytest.raises(GradingError, match=r"setup"):
        require_current(own, [TINY])


def test_what_was_right_is_not_made_again(own, monkeypatch):
    require_current(own, [TINY])
    monkeypatch.delattr(current, "_expected")
    require_current(own, [TINY])


@pytest.mark.parametrize("content, why", [(None, "missing"), (b"homework", "cannot be read")])
def test_a_release_that_is_not_there_is_refused_in_the_same_words(own, content, why):
    path = own.release_notebook(NOTEBOOK)
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(GradingError, match=rf"{why}.*make build"):
        require_current(own, [TINY])


@pytest.mark.slow
@pytest.mark.parametrize("command", ["grade", "demo"])
def test_the_command_looks_at_all_assignments_before_it_grades_the_first(own, released, command):
    for folder in ("solutions", "notebooks"):
        later = own.root / folder / "zeta"
        shutil.copytree(own.root / folder / TINY, later)
        (later / f"{TINY}.ipynb").rename(later / "zeta.ipynb")
    (own.root / "notebooks/zeta/zeta.ipynb").write_text("homework")
    hand_in(own, "ada", solved(released))
    run = subprocess.run(
        [sys.executable, "-m", "autograder.cli", command],
        cwd=own.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "git checkout notebooks/zeta" in " ".join((run.stdout + run.stderr).split())
    assert not [*own.root.glob("*/gradebook.db"), *own.root.glob("demo-classroom/submitted")]
