"""Feedback pages: what a student reads there, and what cannot act there."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from tiny import NOTEBOOK, TINY, grade_class, hand_in, page, solved

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.configuration import config_for, db_url
from autograder.grading.gradebook.pages import FeedbackPage
from autograder.grading.gradebook.steps import Harmless

READ = ("perfect", "saved", "visible-only", "chatty", "scripts", "displays-scripts")


@pytest.fixture(scope="module")
def graded(tiny_course, tmp_path_factory, handed_in):
    """The class of those whose pages are read here."""
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    for student in READ:
        hand_in(room, student, handed_in[student])
    grade_class(room)
    return room


def test_feedback_shows_the_message_of_a_hidden_test_but_not_its_source(graded):
    text = page(graded, "visible-only")
    assert "hidden: double" in text
    assert "double(3)" not in text and "BEGIN HIDDEN" not in text
    assert "BEGIN HIDDEN" not in page(graded, "perfect")


def test_feedback_pages_are_what_nbconvert_would_have_written(graded):
    room = graded
    config = config_for(room, TINY, "visible-only")
    course = CourseDirectory(config=config)
    ours = BeautifulSoup(page(room, "visible-only"), "html.parser")
    theirs = GenerateFeedback(coursedir=course, config=config)
    theirs.exporter_class, theirs.force = HTMLExporter, True
    theirs.start()
    assert ours == BeautifulSoup(page(room, "visible-only"), "html.parser")


def test_prose_with_another_picture_is_rendered_anew():
    def shown(pixels):
        cell = new_markdown_cell("![my sketch](attachment:sketch.png)")
        cell.attachments = {"sketch.png": {"image/png": pixels}}
        return FeedbackPage().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]

    assert "aGVyZQ==" in shown("aGVyZQ==") and "dGhlcmU=" in shown("dGhlcmU=")


def test_a_skipped_cell_keeps_what_the_student_saved_and_says_so(graded):
    text = page(graded, "saved")
    assert "Saved by the student" in text and "seen at home" in text
    assert "Saved by the student" not in page(graded, "perfect")


def test_feedback_names_the_seed(graded):
    assert "came from seed" in page(graded, "perfect")


def test_feedback_does_not_run_what_a_student_wrote(graded):
    text = page(graded, "scripts")
    assert "<script>alert(1)" not in text
    assert "onerror=alert" not in text or "&lt;img" in text


def cleaned(room, notebook):
    """The page of a notebook whose every text is a student's."""
    names = {"assignment": TINY, "notebook": TINY, "student": "links"}
    details = {**names, "db_url": db_url(room)}
    step = Harmless(config=config_for(room, TINY, "links"))
    notebook, _ = step.preprocess(notebook, {"nbgrader": details})
    return HTMLExporter(template_name="classic").from_notebook_node(notebook)[0]


def shown_as_markdown(text):
    output = new_output("display_data", data={"text/markdown": text})
    return new_code_cell("display(Markdown(...))", outputs=[output])


@pytest.mark.parametrize("cell", [new_markdown_cell, shown_as_markdown], ids=["cell", "output"])
@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "two\n\nparagraphs\n\n* and [x][1]\n\n[1]: JavaScript:alert(1)",
        "![x](java&#115;cript:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "|a|\n|-|\n|[x](%6aavascript:alert(1))|",
    ],
)
def test_a_link_that_could_act_is_shown_as_text(room, cell, text):
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell(text)])), "html.parser")
    addresses = [a.get("href", a.get("src", "")) for a in shown.select(".cell a, .cell img")]
    assert not [a for a in addresses if not a.startswith("#")]
    assert text in shown.get_text()


@pytest.mark.parametrize("cell", [new_markdown_cell, shown_as_markdown], ids=["cell", "output"])
def test_other_links_and_formulas_of_a_student_stay_what_they_are(room, cell):
    text = "See [this](https://keras.io/api), [that](#part) and $x[0]$ of `a[1:2]`."
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell(text)])), "html.parser")
    assert [a["href"] for a in shown.select("a[href]")] == ["https://keras.io/api", "#part"]
    assert not shown.find("pre", string=lambda s: s and "this" in s)


def test_a_saved_figure_is_shown_once_with_its_alternative_text(room):
    text = 'One is darker" onload="alert(1)'
    data = {"image/png": "aWNvbg==", "text/html": '<img src="data:image/png;base64,aWNvbg==">'}
    shown = new_output("display_data", data=data, metadata={"image/png": {"alt": text}})
    notebook = new_notebook(cells=[new_code_cell("draw()", outputs=[shown])])
    names = {"assignment": TINY, "notebook": TINY, "student": "draws"}
    details = {**names, "db_url": db_url(room)}
    step = Harmless(config=config_for(room, TINY, "draws"))
    notebook, _ = step.preprocess(notebook, {"nbgrader": details})
    result = HTMLExporter(template_name="classic").from_notebook_node(notebook)[0]
    (image,) = BeautifulSoup(result, "html.parser").select(".output_png img")
    assert image["alt"] == text
    assert "onload" not in image.attrs and "&lt;img" not in result


def test_the_graded_notebook_which_the_formgrader_shows_cannot_act_either(graded):
    notebook = nbformat.read(graded.autograded("scripts", NOTEBOOK), as_version=4)
    text = "".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert "<script>alert(1)" not in text and "&lt;script&gt;" in text
    shown = nbformat.read(graded.autograded("displays-scripts", NOTEBOOK), as_version=4)
    outputs = [o.data for c in shown.cells for o in c.get("outputs", []) if "data" in o]
    assert outputs and not any("<script>" in str(data) for data in outputs)
    assert not any("application/javascript" in data for data in outputs if any(data.values()))


def test_endless_text_is_cut(graded):
    assert "the rest of what it printed was cut" in page(graded, "chatty")


def test_what_the_exchange_returns_feedback_by_lies_beside_it(room, released, tmp_path):
    hand_in(room, "ada", solved(released), "2030-01-02 00:00:00 UTC")
    (room.submitted("ada", TINY) / "submission_secret.txt").write_text("of ada's")
    hand_in(room, "eve", solved(released))
    (tmp_path / "elsewhere").write_text("not eve's")
    (room.submitted("eve", TINY) / "submission_secret.txt").symlink_to(tmp_path / "elsewhere")
    grade_class(room)
    beside = room.feedback("ada", NOTEBOOK).parent
    assert (beside / "timestamp.txt").read_text() == "2030-01-02 00:00:00 UTC"
    assert (beside / "submission_secret.txt").read_text() == "of ada's"
    assert [path.name for path in room.feedback("eve", NOTEBOOK).parent.iterdir()] == [
        f"{TINY}.html"
    ]
