"""What a reader meets who does not see the figures, or has no widgets."""

import itertools
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import nbclient
import nbformat
import pytest
from nbconvert import HTMLExporter

from autograder.lab.figures.shared import alternative_text

ROOT = Path(__file__).parents[2]
RELEASED = sorted(ROOT.glob("notebooks/*/*.ipynb"))
EXECUTED = sorted(ROOT.glob("solutions/*/*.ipynb"))
every_notebook = pytest.mark.parametrize(
    "path", [*RELEASED, *EXECUTED], ids=lambda path: f"{path.parts[-3]}/{path.stem}"
)
every_executed = pytest.mark.parametrize("path", EXECUTED, ids=lambda path: path.stem)
FIGURE = """
from autograder.lab.figures import shared
import numpy as np
shared.image_row([np.zeros((2, 2)), np.ones((2, 2))], ["dark", "a < b"], "One is darker")
"""


class Page(HTMLParser):
    """The images, headings and tables of a page."""

    def __init__(self, text):
        super().__init__()
        self.images, self.headings, self.tables = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.images.append(dict(attributes))
        elif re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag == "table":
            self.tables.append([])
        elif tag in ("td", "th") and self.tables:
            self.tables[-1].append(tag)


def read(path):
    return nbformat.read(path, as_version=4)


def page_of(path):
    prose = [cell for cell in read(path).cells if cell.cell_type == "markdown"]
    notebook = nbformat.v4.new_notebook(cells=prose)
    return Page(HTMLExporter(template_name="basic").from_notebook_node(notebook)[0])


def figures_of(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                yield output


def tells_something(text):
    """Alternative text says what there is to see: words, not a file's name."""
    return len(re.findall(r"[A-Za-z]{2,}", text)) >= 2 and not re.search(r"\.(png|svg)\b", text)


@every_notebook
def test_pictures_in_prose_have_alternative_text(path):
    for image in page_of(path).images:
        assert image.get("alt") in ("Binder", "Open in Colab") or tells_something(image["alt"])


@every_executed
def test_figures_have_alternative_text(path):
    texts = [o.metadata.get("image/png", {}).get("alt", "") for o in figures_of(read(path))]
    assert texts  # the picture at least
    for text in texts:
        assert tells_something(text), texts


@every_notebook
def test_headings_skip_no_level(path):
    levels = page_of(path).headings
    assert levels[0] == 1 and levels.count(1) == 1
    for before, level in itertools.pairwise(levels):
        assert level <= before + 1, levels


@every_notebook
def test_tables_have_headers(path):
    for table in page_of(path).tables:
        assert table[0] == "th", table
    for cell in read(path).cells:
        for output in cell.get("outputs", []):
            for table in Page(output.get("data", {}).get("text/html", "")).tables:
                assert table[0] == "th", cell.source


@every_executed
def test_no_output_needs_a_widget(path):
    for cell in read(path).cells:
        for output in cell.get("outputs", []):
            assert not [mime for mime in output.get("data", {}) if "widget" in mime], cell.source


def test_alternative_text_names_the_finding_and_the_parts():
    figure, (left, right) = plt.subplots(1, 2)
    left.set_title("before\nthe cure")
    right.set(xlabel="epoch", ylabel="loss")
    figure.suptitle("The grid is gone")
    assert (
        alternative_text(figure) == "The grid is gone. Shown: before the cure; loss against epoch."
    )
    plt.close(figure)


def test_a_figure_of_one_part_has_its_title_as_the_finding():
    figure, axis = plt.subplots()
    axis.set(title="Loss falls", xlabel="epoch", ylabel="loss")
    assert alternative_text(figure) == "Loss falls. Shown: loss against epoch."
    plt.close(figure)


def shown_by(source, **environment):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.execute(env={**os.environ, **environment})
    return notebook


@pytest.mark.slow
def test_a_live_notebook_shows_figures_as_html_with_alternative_text():
    notebook = shown_by(FIGURE, AUTOGRADER_STATIC="")
    (output,) = figures_of(notebook)
    (image,) = Page(output.data["text/html"]).images
    assert image["alt"] == "One is darker. Shown: dark; a < b."
    assert image["src"] == f"data:image/png;base64,{output.data['image/png'].strip()}"
    page = Page(HTMLExporter().from_notebook_node(notebook)[0])
    assert image["alt"] in [i.get("alt") for i in page.images]


NO_WIDGETS = """
import sys
sys.modules["ipywidgets"] = None  # whoever imports it fails
from autograder.lab.figures import checkerboard
checkerboard.overlap_explorer()
shared.latent_walk(lambda z: np.zeros((len(z), 4, 4, 1)), np.zeros(2), np.ones(2))
"""


@pytest.fixture(scope="module")
def static():
    return shown_by(FIGURE + NO_WIDGETS, AUTOGRADER_STATIC="1")


@pytest.mark.slow
def test_a_static_notebook_carries_the_text_in_its_metadata_and_each_figure_once(static):
    output = next(figures_of(static))
    assert sorted(output.data) == ["image/png", "text/plain"]
    assert output.metadata["image/png"].alt == "One is darker. Shown: dark; a < b."
    page = Page(HTMLExporter(template_name="classic").from_notebook_node(static)[0])
    assert page.images[0]["alt"] == "One is darker. Shown: dark; a < b."


@pytest.mark.slow
def test_figures_need_no_widgets_where_there_is_no_front_end(static):
    assert len([*figures_of(static)]) == 3
