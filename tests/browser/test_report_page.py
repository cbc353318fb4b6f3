"""The report in a browser: a click on a heading sorts, and nothing a student wrote runs."""

import pytest

from autograder.grading.classroom import NotebookRef
from autograder.grading.outgoing.marks import Class, Exercise, Mark, Submission
from autograder.grading.outgoing.pages import write_page
from autograder.grading.outgoing.report import summarize

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='pwned'\">"


@pytest.fixture
def page(browser, tmp_path):
    """The report of four students whose points sort otherwise as text than as numbers."""
    exercise = Exercise("double", "test_double", 12.0, "double", "", "")
    scores = {"ada": 12.0, "ben": 9.0, "cy": 10.0, HOSTILE: 0.0}
    submissions = [
        Submission(name, score, 0.0, True, (HOSTILE,), None,
                   {"double": Mark(score, "right" if score == 12 else "partly")}, {})
        for name, score in scores.items()
    ]  # fmt: skip
    report = summarize(Class(NotebookRef("a1"), [exercise], submissions, []))
    report["edition"] = "today's"
    report["accepted"] = []
    path = write_page("report.html", tmp_path / "a1.html", report=report, names={})
    window = browser.new_page()
    window.goto(path.as_uri())
    yield window
    window.close()


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_the_order_around(page):
    table = page.locator("table.students")
    points = table.locator("tbody td:nth-child(2)")
    heading = table.get_by_role("button", name="points")
    assert points.all_inner_texts() == ["12", "9", "10", "0"]
    heading.click()
    assert points.all_inner_texts() == ["0", "9", "10", "12"]
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    heading.click()
    assert points.all_inner_texts() == ["12", "10", "9", "0"]
    heading.press("Enter")  # without a mouse, too
    assert points.all_inner_texts() == ["0", "9", "10", "12"]


def test_nothing_that_a_student_wrote_runs(page):
    assert page.title() == "a1: report"
    assert page.locator("img").count() == 0
    assert page.get_by_text(HOSTILE).count() > 0


def test_the_report_reads_well_in_light_dark_and_on_a_phone(page, looked_at):
    assert looked_at(page.url) == []
