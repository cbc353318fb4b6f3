"""Feedback pages: what a student reads there, and what cannot act there."""

import base64
import io
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from tiny import NOTEBOOK, TINY, grade_class, hand_in, nbgrader, page, solved

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.configuration import config_for, db_url
from autograder.grading.gradebook.feedback.page import render
from autograder.grading.gradebook.feedback.standing import Standing
from autograder.grading.gradebook.harmless import markdown_acts
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


@pytest.mark.slow
def test_nbgraders_own_command_writes_the_same_page(graded, tmp_path):
    room = Classroom(shutil.copytree(graded.root, tmp_path / "course"), tmp_path / "course/class")
    shutil.copytree(graded.folder, room.folder)
    config = (room.root / "nbgrader_config.py").read_text()
    (room.root / "nbgrader_config.py").write_text(config.replace('"classroom")', '"class")'))
    ours = page(room, "visible-only")
    room.feedback("visible-only", NOTEBOOK).unlink()
    nbgrader(room.root, "generate_feedback", TINY, "--student=visible-only", "--force")
    assert page(room, "visible-only") == ours


def policy_of(text):
    """The page's policy as a dictionary, and its scripts."""
    shown = BeautifulSoup(text, "html.parser")
    (tag,) = shown.select("head > meta[http-equiv='Content-Security-Policy']")
    parts = (part.split(None, 1) for part in tag["content"].split(";"))
    return {name: value for name, value in parts}, shown.select("script")


def rendered(cells):
    """The page of a graded notebook, as it is."""
    return render(new_notebook(cells=cells), Standing("ada", TINY), {}, shows_values=True)


def test_a_page_allows_no_script_and_no_image_from_elsewhere(graded):
    policy, scripts = policy_of(page(graded, "perfect"))
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'none'")
    assert policy["img-src"] == "data:" and scripts == []
    assert (policy["base-uri"], policy["form-action"]) == ("'none'", "'none'")


def test_a_page_with_formulas_shows_them_without_a_script():
    text = rendered([new_markdown_cell("$x^2$"), new_markdown_cell("<script>alert(1)</script>")])
    policy, scripts = policy_of(text)
    assert policy["script-src"] == "'none'" and scripts == []
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in text


def test_a_page_leads_nowhere_and_loads_nothing(graded):
    for student in READ:
        shown = BeautifulSoup(page(graded, student), "html.parser")
        places = [tag["href"] for tag in shown.select("[href]")]
        assert places and all(shown.select(place) for place in places)
        assert all(tag["src"].startswith("data:") for tag in shown.select("[src]"))
        assert "url(" not in str(shown)


def test_prose_with_another_picture_is_rendered_anew():
    def shown(shade):
        cell = new_markdown_cell("![my sketch](attachment:sketch.png)")
        cell.attachments = {"sketch.png": {"image/png": picture(3, 2, shade)}}
        return rendered([cell])

    assert picture(3, 2, 10) in shown(10) and picture(3, 2, 20) in shown(20)
    assert "Figure: my sketch" in shown(10)


def picture(width, height, shade=0):
    file = io.BytesIO()
    Image.new("L", (width, height), shade).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


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
        "[x](vbscript:alert(1))",
        "[x](tel:112) or ![x](ftp://keras.io/a.png)",
        "[x](x-evil:1)",
        "[x](file:///etc/passwd)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](java\\\nscript:alert(1)) [y](javascript&colon;alert(1))",
        "[x](java<!---->script:alert(1))",
        "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1))",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\href {data:text/html,x}{x}$",
        r"\begin{equation}\def\h{\href}\h{javascript:alert(1)}{x}\end{equation}",
        r"$\csname href\endcsname{javascript:alert(1)}{x}$",
        r"$\style{background:url(javascript:1)}{x}$",
        r"$\require{html}\cssId{top}{x}$",
    ],
)
def test_a_link_that_could_act_is_shown_as_text(room, cell, text):
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell(text)])), "html.parser")
    addresses = [a.get("href", a.get("src", "")) for a in shown.select(".cell a, .cell img")]
    assert not [a for a in addresses if not a.startswith("#")]
    assert text in shown.get_text()


def test_a_text_that_takes_too_long_to_render_is_shown_as_text():
    assert markdown_acts(r"[\begin{x}" * 300)
    assert not markdown_acts(r"[\begin{x}" * 20)


@pytest.mark.parametrize("cell", [new_markdown_cell, shown_as_markdown], ids=["cell", "output"])
def test_other_links_and_formulas_of_a_student_stay_what_they_are(room, cell):
    text = (
        "See [this](https://keras.io/api), [that](#part), [me](mailto:a@b.c) and $x[0]$ of "
        "`a[1:2]`.\n\n|a|b|\n|:-|-:|\n|[t](http://x.y)|2|\n\n"
        r"$\left(\frac{a}{b}\right)[1]$, $f: A \to B$, $\href{https://x.y}{z}$, href."
    )
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell(text)])), "html.parser")
    links = [a["href"] for a in shown.select("a[href]")]
    assert links == ["https://keras.io/api", "#part", "mailto:a@b.c", "http://x.y"]
    assert not shown.find("pre", string=lambda s: s and "this" in s)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "javascript:1", " \tjava\nscript:alert(1)", "tel:1",
        "java&#x0A;script:alert(1)",
        "vbscript:x", "data:text/html,x", "x-evil:80", "&#106;avascript:alert(1)", "jar:x",
    ],
)  # fmt: skip
def test_markup_that_is_displayed_leads_nowhere_but_to_the_web(room, address):
    given = (
        f'<a href="{address}">x</a> <a href="https://keras.io">good</a> '
        f'<form action="{address}"><button formaction="{address}">b</button></form>'
        f'<svg><a xlink:href="{address}">k</a></svg> <base href="{address}">'
        f'<meta http-equiv="refresh" content="0;url={address}"><iframe src="{address}"></iframe>'
        f'<p style="background:url({address})" onclick="alert(1)">p</p><img src="{address}">'
    )
    output = new_output("display_data", data={"text/html": given})
    for cell in (new_code_cell("x", outputs=[output]), new_markdown_cell(given)):
        shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell])), "html.parser")
        links = [a.get("href") for a in shown.select(".rendered_html a, .output_html a")]
        assert "https://keras.io" in links and {*links} <= {None, "https://keras.io"}
        acting = "form, svg, base, iframe, button, .cell meta, .cell [style], [onclick], .cell img"
        assert shown.select(acting) == []


def test_a_formula_that_is_displayed_links_nowhere_but_to_the_web(room):
    def shown(text):
        output = new_output("display_data", data={"text/latex": text})
        cell = new_code_cell("Latex(...)", outputs=[output])
        return BeautifulSoup(cleaned(room, new_notebook(cells=[cell])), "html.parser")

    evil = r"$\href{java&#115;cript:alert(1)}{x}$"
    assert shown(evil).select(".output_latex") == [] and evil in shown(evil).get_text()
    assert shown(r"$\href{https://keras.io}{x^2}$").select(".output_latex")


def test_pictures_are_shown_and_what_is_said_of_them_cannot_act(room):
    data = {"image/jpeg": "aWNvbg=="}
    size = {"width": 30, "height": '1" onload="alert(1)'}
    evil = {"image/jpeg": size, "filenames": {"image/jpeg": "https://x.y/z.jpg"}, "isolated": True}
    cell = new_code_cell("draw()", outputs=[new_output("display_data", data=data, metadata=evil)])
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell])), "html.parser")
    (image,) = shown.select(".output_jpeg img")
    assert image["src"] == "data:image/jpeg;base64,aWNvbg==" and image["width"] == "30"
    assert {*image.attrs} == {"src", "width", "alt"}


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
