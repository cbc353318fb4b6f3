"""The first page says what each notebook is and how far its student has come."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from tiny import TINY

from autograder import cells
from autograder.desk.home import HOME, after_save, write_home
from autograder.desk.progress import card
from autograder.desk.work import assignments, own_file, prepare

ROOT = Path(__file__).parents[3]


@pytest.fixture
def begun(course):
    list(prepare(course))
    return course


def printed(text):
    return [new_output("stream", text=text)]


def raised(evalue):
    return [new_output("error", ename="CheckFailed", evalue=evalue, traceback=[evalue])]


def show(course, name, outputs):
    """Save the student's notebook with these outputs below a check."""
    notebook = nbformat.read(own_file(course, TINY), as_version=4)
    cells.by_id(notebook.cells)[name].outputs = outputs
    nbformat.write(notebook, own_file(course, TINY))


@pytest.mark.parametrize(
    "outputs, outcome",
    [
        ([], "open"),
        (printed("✓ double: right on 3 examples.\n"), "right"),
        (printed("! double: a warning\n✓ double: right on 3 examples.\n"), "right"),
        (printed("○ double: not attempted yet\n"), "open"),
        (raised("double: not attempted yet."), "open"),
        ([new_output("display_data", {"text/plain": "○ double: not attempted yet"})], "open"),
        (raised("double: not right yet.\nYou returned 3."), "tried"),
        (printed("✓ half: right on 3 examples.\n"), "tried"),
        (printed("I hope for ✓ double: right\n"), "tried"),
    ],
)
def test_progress_is_what_the_output_below_a_check_says(begun, outputs, outcome):
    show(begun, "test_double", outputs)
    assert card(begun, TINY).outcomes == {"double": outcome, "half": "open"}


def test_an_output_in_another_cell_does_not_count(begun):
    show(begun, "double", printed("✓ double: right on 3 examples.\n"))
    assert card(begun, TINY).outcomes == {"double": "open", "half": "open"}


def test_a_file_that_cannot_be_read_is_said_to_be_so(begun):
    own_file(begun, TINY).write_text("my homework")
    assert card(begun, TINY).outcomes is None
    write_home(begun)
    assert f"`my-work/{TINY}/{TINY}.ipynb` cannot be read." in (begun / HOME).read_text("utf-8")


def test_every_notebook_of_the_course_says_its_title_its_time_and_what_it_needs():
    found = [card(ROOT, name) for name in assignments(ROOT)]
    assert len(found) > 5
    for number, one in enumerate(found, 1):
        assert one.title.startswith(f"{number} · ")
        source = (ROOT / f"solutions/{one.assignment}.py").read_text("utf-8")
        assert f"**Time**: about {one.minutes} minutes;" in source
        assert len(one.needs) > 30 and one.points == 40


def test_saving_a_notebook_brings_the_page_up_to_date(begun):
    write_home(begun)
    assert "0 of 2 right" in (begun / HOME).read_text("utf-8")
    show(begun, "test_double", printed("✓ double: right on 3 examples.\n"))
    after_save(str(own_file(begun, TINY)), {"type": "notebook"}, contents_manager=None)
    assert "1 of 2 right" in (begun / HOME).read_text("utf-8")


def test_a_page_that_is_up_to_date_is_not_written_again(begun):
    write_home(begun)
    before = (begun / HOME).stat().st_mtime_ns
    write_home(begun)
    assert (begun / HOME).stat().st_mtime_ns == before


def test_a_page_that_cannot_be_written_does_not_make_a_save_fail(begun, caplog):
    (begun / HOME).mkdir()
    after_save(str(own_file(begun, TINY)), {"type": "notebook"}, contents_manager=None)
    assert "could not be written" in caplog.text


@pytest.mark.parametrize("place, kind", [("notebooks", "notebook"), ("my-work", "file")])
def test_saving_something_else_writes_nothing(begun, place, kind):
    after_save(str(begun / place / TINY / f"{TINY}.ipynb"), {"type": kind}, contents_manager=None)
    assert not (begun / HOME).exists()


@pytest.mark.parametrize(
    "outputs", [None, [None], ["x"], [{"data": None}], [{"text": 5}], [{"text": [5]}]]
)
def test_odd_outputs_do_not_stop_the_desk(begun, outputs):
    file = own_file(begun, TINY)
    notebook = json.loads(file.read_text("utf-8"))
    (cell,) = [c for c in notebook["cells"] if cells.grade_id(c) == "test_double"]
    cell["outputs"] = outputs
    file.write_text(json.dumps(notebook), "utf-8")
    write_home(begun)
    assert f"`my-work/{TINY}/{TINY}.ipynb` cannot be read." in (begun / HOME).read_text("utf-8")


def test_news_stand_on_the_page_until_a_notebook_is_saved(begun):
    write_home(begun, ["a.ipynb is <new>."])
    assert "> a.ipynb is &lt;new&gt;." in (begun / HOME).read_text("utf-8")
    after_save(str(own_file(begun, TINY)), {"type": "notebook"})
    assert "a.ipynb" not in (begun / HOME).read_text("utf-8")


def test_what_one_needs_to_know_has_no_link_that_leads_nowhere(begun):
    released = begun / "notebooks" / TINY / f"{TINY}.ipynb"
    notebook = nbformat.read(released, as_version=4)
    text = "# Tiny\n\n**You need to know** what [notebook 1](../a/a.ipynb) shows.\n"
    notebook.cells[0] = nbformat.v4.new_markdown_cell(text)
    nbformat.write(notebook, released)
    assert card(begun, TINY).needs == "what notebook 1 shows."


def test_a_course_inside_a_folder_of_that_name_leaves_its_files_alone(begun, tmp_path):
    (tmp_path / "my-work" / "inner").mkdir(parents=True)
    mine = tmp_path / "my-work" / "Home.md"
    mine.write_text("mine")
    after_save(str(tmp_path / "my-work" / "inner" / "x.ipynb"), {"type": "notebook"})
    assert mine.read_text() == "mine"
