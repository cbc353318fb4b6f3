"""The page of a class in a browser, and the pages to which it leads."""

import nbformat
import pytest
from tiny import TINY, grade_class, hand_in, solved

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.people import enroll
from autograder.grading.outgoing.index import update
from autograder.grading.outgoing.pages import index_page
from autograder.grading.outgoing.report import write_report
from autograder.grading.outgoing.similar import write_similar

pytestmark = pytest.mark.browser

HOSTILE = "Eve <img src=x onerror=\"document.title='pwned'\">"
LONG = "0 + x if x is None else sum([x for _ in range(2)]) + max([0, 0, 0]) - min([0, 0, 0])"


@pytest.fixture(scope="module")
def room(tiny_course, tmp_path_factory):
    """Two students who share an answer, one late, one broken, one hostile, one absent."""
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    released = nbformat.read(tiny_course / "notebooks/tiny/tiny.ipynb", as_version=4)
    for student in ("ada", "ben"):
        hand_in(room, student, solved(released, double=LONG))
    hand_in(room, "cy", solved(released, half="x"))
    hand_in(room, "dora", b"no notebook")
    hand_in(room, "eve", solved(released, double="x + 1"))
    enroll(room, {}, {"ada": "Ada Lovelace", "eve": HOSTILE, "yves": "Yves Klein"})
    grade_class(room)
    write_report(room, TINY)
    assert write_similar(room, TINY)[1] == 1
    update(room)
    return room


def test_the_page_leads_to_feedback_and_to_the_report_and_back(page, room):
    page.goto(index_page(room).as_uri())
    page.get_by_role("row", name="Ada Lovelace").get_by_role("link").click()
    page.wait_for_url(f"**/feedback/ada/{TINY}/{TINY}.html")
    page.go_back()
    page.get_by_role("link", name="report").click()
    page.get_by_role("link", name="Ada Lovelace").first.click()
    page.wait_for_url(f"**/feedback/ada/{TINY}/{TINY}.html")
    page.go_back()
    page.get_by_role("link", name="The class").click()
    page.get_by_role("link", name="similar").click()
    page.get_by_role("link", name="The class").click()
    page.wait_for_url("**/reports/index.html")


def test_students_sort_by_points_and_whoever_has_none_comes_last(page, room):
    page.goto(index_page(room).as_uri())
    table = page.locator("table.scores")
    table.get_by_role("button", name=TINY).click()
    ids = table.locator("td.id").all_inner_texts()
    assert ids[:2] == ["eve", "cy"] and {*ids[-2:]} == {"dora", "yves"}


def test_no_name_runs(page, room):
    for path in index_page(room).parent.glob("*.html"):
        page.goto(path.as_uri())
        assert page.title() != "pwned" and page.locator("img").count() == 0


@pytest.mark.parametrize("name", ["index", TINY, f"{TINY}-similar"])
def test_every_page_reads_well_in_light_dark_and_on_a_phone(room, looked_at, name):
    assert looked_at(index_page(room).with_name(f"{name}.html").as_uri()) == []


def test_labels_can_be_read_on_a_phone(browser, room):
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    tab.goto(index_page(room).with_name(f"{TINY}.html").as_uri())
    heights = tab.locator("figure svg text").evaluate_all(
        "all => all.filter(t => t.textContent.trim()).map(t => t.getBoundingClientRect().height)"
    )
    tab.close()
    assert min(heights) >= 11  # of letters 12 px high


def test_the_formgrader_shows_names(page, small_course, serve):
    room = Classroom(small_course, small_course / "classroom")
    enroll(room, {"eve": HOSTILE}, {"ada": "Ada Lovelace"})
    page.goto(serve(small_course, "/formgrader/manage_students"))
    page.get_by_role("link", name="Lovelace, Ada").wait_for()
    page.get_by_text(HOSTILE.removeprefix("Eve ").split()[-1]).first.wait_for()
    assert page.get_by_text("None, None").count() == 0
    assert page.title() != "pwned"
