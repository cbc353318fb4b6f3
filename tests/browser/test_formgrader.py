"""An instructor grades in the formgrader, inside JupyterLab: by its button and by hand."""

import re
import shutil

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from tiny import NOTEBOOK, TINY, grade_class, hand_in, index_of, nbgrader, solved

from autograder.grading.classroom import Classroom

pytestmark = pytest.mark.browser

EVE = "<img src=x onerror=\"top.acted='id'\">"
ACTS = """
from IPython.display import HTML, Javascript, Latex, Markdown, SVG, display
display(HTML("<script>top.acted = 'html'</script><img src=x onerror='top.acted = 1'><b>bold</b>"))
display(Javascript("top.acted = 'javascript'"))
display(Markdown("<script>top.acted = 'markdown'</script>"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><script>top.acted = 2</script></svg>'))
display(Markdown("[go](javascript:top.acted='link') and [x](data:text/html,x)"))
display(HTML("<a href='java&#10;script:top.acted=3'>go</a><form action='javascript:top.acted=4'>"))
display(HTML("<svg><a xlink:href='javascript:top.acted=5'>go</a></svg><base href='//x.y'>"))
display(Latex(r"$\\href{javascript:top.acted='formula'}{go}$"))
print("<script>top.acted = 'stdout'</script>")
raise ValueError("</pre><script>top.acted = 'error'</script>")
"""
# What a script left behind, once every image that was there has failed to load.
WHAT_ACTED = """new Promise(done => {
    const image = new Image();
    image.onerror = () => done(top.acted ?? null);
    image.src = 'nowhere';
})"""


def test_the_autograde_button_grades_a_submission(page, small_course, serve):
    from playwright.sync_api import expect

    submission = small_course / "classroom" / "submitted" / "ada" / TINY
    submission.mkdir(parents=True)
    shutil.copy(small_course / "notebooks" / TINY / f"{TINY}.ipynb", submission)
    nbgrader(small_course, "generate_assignment", TINY, "--force")

    formgrader = open_formgrader(page, serve(small_course))
    formgrader.locator("td.num-submissions a").click()
    formgrader.locator("td.autograde a").click()
    formgrader.get_by_text("Success", exact=False).first.wait_for()

    graded = small_course / "classroom" / "autograded" / "ada" / TINY / f"{TINY}.ipynb"
    assert graded.exists()
    expect(formgrader.locator("td.score")).to_have_text(re.compile("^0 /"))


def test_a_grade_and_a_comment_by_hand_survive_grading_again(page, graded_course, serve):
    from playwright.sync_api import expect

    formgrader = open_formgrader(page, serve(graded_course))
    open_submission(formgrader, "ada")
    score = formgrader.locator("input.score[id='test_half']")
    expect(score).to_have_attribute("placeholder", "0")  # what the tests gave has arrived
    write(page, "grade", score, "1.5")
    write(page, "grade", formgrader.locator("[id='test_half_extra_credit']"), "0.25")
    write(page, "comment", formgrader.locator("[id='half-comment']"), "nearly: **divide** by two")

    grade_class(Classroom(graded_course, graded_course / "classroom"), force=True)

    open_submission(formgrader, "ada")
    expect(formgrader.locator("input.score[id='test_half']")).to_have_value("1.5")
    page.goto(
        Classroom(graded_course, graded_course / "classroom").feedback("ada", NOTEBOOK).as_uri()
    )
    expect(page.locator("dl.figures")).to_contain_text("4.75")
    expect(page.locator("body")).to_contain_text("nearly: divide by two")


def test_nothing_of_a_students_acts_in_the_formgrader(page, graded_course, serve):
    formgrader = open_formgrader(page, serve(graded_course))
    formgrader.locator("td.num-submissions a").click()
    formgrader.get_by_text(EVE, exact=True).wait_for()
    assert acted(page) is None
    open_submission(formgrader, EVE)
    formgrader.get_by_text("bold", exact=True).wait_for()
    assert acted(page) is None
    click_every_link(formgrader)
    assert acted(page) is None
    write(page, "comment", formgrader.locator("[id='half-comment']"), f"</textarea>{EVE}")
    open_submission(formgrader, EVE)
    formgrader.get_by_text("bold", exact=True).wait_for()
    assert acted(page) is None
    frame(page).evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", EVE)
    page.wait_for_function("top.acted === 'id'")  # put in raw, the same text acts


def test_nothing_of_a_students_acts_in_a_feedback_page(page, graded_class):
    feedback = Classroom(graded_class, graded_class / "classroom").feedback(EVE, NOTEBOOK)
    page.goto(feedback.as_uri())
    page.get_by_text("bold", exact=True).wait_for()
    click_every_link(page)
    assert page.locator("a:not([href^='#']), [xlink\\:href]").count() == 0  # a cell or not
    page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", EVE)
    link = "<a id='put-in' href=\"javascript:top.acted='link'\">go</a>"
    page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", link)
    page.locator("#put-in").click()
    assert page.evaluate(WHAT_ACTED) is None  # not even what is put in raw


@pytest.fixture(scope="module")
def graded_class(tiny_course, tmp_path_factory):
    """The tiny course with two students graded: ada lacks an exercise, eve is hostile."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(tiny_course, root)
    room = Classroom(root, root / "classroom")
    released = nbformat.read(room.release_notebook(NOTEBOOK), as_version=4)
    hand_in(room, "ada", solved(released, half="0"))
    hostile = solved(released)
    hostile.cells[index_of(hostile, "double")].source += ACTS
    hostile.cells.append(new_markdown_cell("<script>top.acted = 'cell'</script>"))
    hostile.cells.append(new_markdown_cell("[go](javascript:top.acted='cell') $x^2$"))
    hand_in(room, EVE, hostile)
    grade_class(room)
    return root


@pytest.fixture
def graded_course(graded_class, tmp_path):
    """A copy for one test."""
    return shutil.copytree(graded_class, tmp_path / "course")


def open_formgrader(page, address):
    page.goto(address)
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    return page.frame_locator("iframe[src*='formgrader']")


def open_submission(formgrader, student):
    formgrader.get_by_role("link", name="Manual Grading").first.click()
    for place in (TINY, f"{TINY}/{NOTEBOOK.notebook}"):  # the links look alike, so by address
        formgrader.locator(f"td.name a[href$='/gradebook/{place}']").click()
    formgrader.get_by_role("link", name="Submission #1").wait_for()
    formgrader.get_by_role("button", name="Show All Names").click()
    formgrader.get_by_role("link", name=student, exact=True).click()


def write(page, kind, field, text):
    """Fill in a field and leave it; the page saves by itself."""

    def saved(response):
        return response.request.method == "PUT" and f"/formgrader/api/{kind}/" in response.url

    with page.expect_response(saved):
        field.fill(text)
        field.blur()


def frame(page):
    return page.locator("iframe[src*='formgrader']").element_handle().content_frame()


def click_every_link(place):
    """Follow every link that a student's cell may hold; those of the page itself stay."""
    for link in place.locator(".cell a:not([href^='#']), .cell svg a").all():
        link.dispatch_event("click")


def acted(page):
    """What a script left behind in the formgrader."""
    return frame(page).evaluate(WHAT_ACTED)
