"""A student works in JupyterLab: solves, is corrected, validates, hands in, gets feedback."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from tiny import TINY, grade_class, nbgrader

from autograder.grading.classroom import Classroom

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
FIRST, SECOND = "01-zero-insertion", "02-conv2dtranspose"
ANSWERS = Path(__file__).parents[1] / "catalogue" / FIRST / "insert_zeros"


def test_a_misconception_is_named_until_the_answer_is_right_and_validate_agrees(
    page, course, serve
):
    from playwright.sync_api import expect

    page.goto(serve(course, f"/lab/tree/notebooks/{FIRST}/{FIRST}.ipynb"))
    cell(page, "lab.scoreboard(check)").wait_for(state="attached")
    wait_for_the_kernel(page)
    choose(page, "Run", "Run All Cells")
    tables = page.locator(".jp-Notebook .jp-OutputArea-output", has=page.locator("table"))
    table = tables.filter(has_text="visible checks passed")
    expect(table.get_by_role("row", name="not attempted")).to_have_count(11)
    expect(table).to_contain_text("0 of 11 visible checks passed")
    table.get_by_role("link", name="stamp", exact=False).first.click()
    expect(cell(page, "def stamp(")).to_be_in_viewport()
    expect(page.locator(".jp-Notebook [data-mime-type*=error]")).to_have_count(0)

    shown = cell(page, "check.insert_zeros(insert_zeros)").locator(".jp-OutputArea")
    expect(shown).to_contain_text("insert_zeros: not attempted yet")
    answer(page, "insert_zeros", (ANSWERS / "wrong_repeats.py").read_text())
    expect(shown).to_contain_text("insert_zeros: not right yet")
    expect(shown).to_contain_text("ntries are repeated where zeros belong")
    expect(shown).not_to_contain_text("Traceback")

    answer(page, "insert_zeros", (ANSWERS / "right_loops.py").read_text())
    expect(shown).to_contain_text("✓ insert_zeros: right on")

    page.get_by_role("button", name="Validate").click()
    verdict = page.get_by_role("dialog").filter(has_text="Validation Results")
    expect(verdict.get_by_text("The following cell failed")).to_have_count(10)
    expect(verdict).to_contain_text("correlate2d: not attempted yet (open)")
    expect(verdict).not_to_contain_text("insert_zeros")
    page.keyboard.press("Escape")

    cell(page, "def correlate2d(").locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text("def correlate2d(")
    choose(page, "Run", "Run All Cells")
    expect(cell(page, "def correlate2d(").locator(".jp-OutputArea")).to_contain_text("SyntaxError")
    expect(table).to_contain_text("1 of 11 visible checks passed")


def test_make_lab_opens_a_page_that_shows_all_notebooks_and_how_far_you_are(page, course, serve):
    from playwright.sync_api import expect

    shutil.copy(ROOT / "Makefile", course)
    (course / ".venv").symlink_to(sys.prefix)
    command = ["make", "--old-file=.venv/.student", "lab"]
    page.goto(serve(course, "/", command))
    home = page.locator(".jp-MarkdownViewer")
    expect(home.get_by_role("heading", level=3)).to_have_count(6)
    expect(home.get_by_role("img", name="·")).to_have_count(6)
    expect(home.locator("img")).to_have_count(6)
    page.wait_for_function(  # a picture is shown some time after its text
        "[...document.querySelectorAll('.jp-MarkdownViewer img')].every(i => i.naturalWidth > 100)"
    )
    expect(home).to_contain_text("0 of 11 right")
    server = page.url.partition("/lab")[0]

    home.get_by_role("link", name="Zero insertion").last.click()
    expect(page.get_by_role("tab", name=f"{FIRST}.ipynb")).to_be_visible()
    wait_for_the_kernel(page)
    run(page, "from autograder import lab")
    answer(page, "insert_zeros", (ANSWERS / "right_loops.py").read_text())
    shown = cell(page, "check.insert_zeros(insert_zeros)").locator(".jp-OutputArea")
    expect(shown).to_contain_text("✓ insert_zeros: right on")
    save(page)
    page.goto(f"{server}/lab/tree/my-work/Home.md")
    expect(home).to_contain_text("1 of 11 right")
    released = course / "notebooks" / FIRST / f"{FIRST}.ipynb"
    assert released.read_bytes() == (ROOT / released.relative_to(course)).read_bytes()

    other = page.request.get(f"{server}/api/contents/notebooks/{SECOND}/{SECOND}.ipynb")
    assert other.ok
    page.goto(f"{server}/formgrader/manage_assignments")
    expect(page.get_by_role("link", name=SECOND)).to_be_visible()


def test_the_exchange_carries_an_assignment_to_a_student_and_the_feedback_back(
    page, small_course, serve, tmp_path
):
    from playwright.sync_api import expect

    desk = tmp_path / "student"
    desk.mkdir()
    for folder in (small_course, desk):  # the instructor's and the student's
        with (folder / "nbgrader_config.py").open("a") as config:
            config.write("c = get_config()\nc.CourseDirectory.course_id = 'upsampling'\n")
            config.write(f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\n")
    nbgrader(small_course, "release_assignment", TINY)

    page.goto(serve(desk))
    choose(page, "Nbgrader", "Assignment List")
    page.get_by_role("button", name="Fetch", exact=True).click()
    downloaded = page.locator("#fetched_assignments_list")
    downloaded.get_by_text(TINY).first.click()
    downloaded.locator(".nested_list_item").get_by_text(TINY).click()
    answer(page, "double", "def double(x):\n    return x + x")
    save(page)
    page.get_by_role("tab", name="Assignments").click()
    downloaded.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Fetch Feedback").wait_for()

    nbgrader(small_course, "collect", TINY)
    grade_class(Classroom(small_course, small_course / "classroom"))
    nbgrader(small_course, "release_feedback", TINY)

    page.get_by_role("button", name="Fetch Feedback").click()
    page.get_by_text("view feedback").wait_for()
    (feedback,) = desk.glob(f"{TINY}/feedback/*/{TINY}.html")
    page.goto(feedback.as_uri())
    points = page.locator("dl.figures div", has_text="points of 5").locator("dd")
    expect(points).to_have_text("3")

    (student,) = Classroom(small_course, small_course / "classroom").students(TINY)
    handed_in = nbformat.read(
        small_course / "classroom" / "submitted" / student / TINY / f"{TINY}.ipynb", as_version=4
    )
    assert "return x + x" in [c.source.split("\n")[-1].strip() for c in handed_in.cells]


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def wait_for_the_kernel(page):
    """JupyterLab drops what is run before the notebook has a kernel."""
    page.locator(".jp-KernelName", has_text="Python 3").wait_for()
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()


def cell(page, text):
    return page.locator(".jp-Notebook .jp-CodeCell", has_text=text)


def answer(page, name, code):
    """Replace the answer `name`, then run it and the check below."""
    cell(page, f"def {name}(").locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")


def run(page, text):
    cell(page, text).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def save(page):
    def saved(response):
        return response.request.method == "PUT" and "/api/contents/" in response.url

    with page.expect_response(saved):
        page.keyboard.press("ControlOrMeta+S")
