"""The demo in a course of one tiny assignment: a class with names, and every page that there is."""

import threading

import pytest
from bs4 import BeautifulSoup
from rich.console import Console
from tiny import NOTEBOOK, TINY

from autograder.grading import demo
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.run.plan import Options

pytestmark = pytest.mark.slow  # a whole class

WRONG = """\"\"\"Adds where it should double.\"\"\"
def double(x):
    total = 0
    for step in range(3):
        total = total + x if step else x
    return total + 0.5
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The course's class, and what the demo prints."""
    import tiny

    root = tmp_path_factory.mktemp("course")
    tiny.make_course(root)
    stored = root / "tests" / "catalogue" / TINY / "double"
    stored.mkdir(parents=True)
    (stored / "wrong_sum.py").write_text(WRONG)
    own = tiny.Classroom(root, root / "classroom")
    console = Console(record=True, width=100, soft_wrap=True)
    demo.run(console, own, Options(workers=2), threading.Event(), False)
    return tiny.Classroom(root, root / "demo-classroom"), console.export_text()


def test_it_ends_with_a_short_table_and_the_page_to_open(shown):
    room, printed = shown
    lines = printed.splitlines()
    assert lines[-1] == f"Open this page: {room.folder}/reports/index.html"
    assert len(lines) < 10  # of these, one is about the pre-flight
    (row,) = [line for line in lines if line.startswith(f"│ {TINY}")]
    assert row.split()[3:6:2] == ["14", "13"]  # handed in, graded


def test_every_page_is_there_and_has_names(shown):
    room, _ = shown
    pages = {page.name for page in (room.folder / "reports").glob("*.html")}
    assert pages == {"index.html", f"{TINY}.html", f"{TINY}-similar.html"}
    assert all("Tom Fischer" in p.read_text() for p in (room.folder / "reports").glob("*.html"))
    index = BeautifulSoup((room.folder / "reports" / "index.html").read_text(), "html.parser")
    absent = next(tr for tr in index.select("table.scores tr") if "Abe Mensah" in tr.get_text())
    assert "not handed in" in absent.get_text()


def test_a_pair_is_similar(shown):
    similar = (shown[0].folder / "reports" / f"{TINY}-similar.html").read_text()
    words = " ".join(BeautifulSoup(similar, "html.parser").get_text().split())
    assert "Tom Fischer typical-tom and Tara Singh typical-tara" in words


def test_points_and_a_comment_were_given_by_hand(shown):
    room, _ = shown
    with open_gradebook(room) as gradebook:
        grade = gradebook.find_grade("test_double", TINY, TINY, "typical-tom")
        assert (grade.auto_score, grade.manual_score, grade.score) == (0, 1.5, 1.5)
    assert "on Monday" in room.feedback("typical-tom", NOTEBOOK).read_text()


def test_your_own_class_is_not_touched(shown):
    assert not (shown[0].root / "classroom").exists()
