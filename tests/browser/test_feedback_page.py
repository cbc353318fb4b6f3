"""A feedback page in a browser: on a phone, in the dark, on paper, without scripts and network."""

import base64
import io
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from tiny import cell

from autograder.grading.gradebook.feedback.page import render
from autograder.grading.gradebook.feedback.standing import Score, Standing
from autograder.lab.findings import Finding

pytestmark = pytest.mark.browser

TASK = """### Exercise {n} · `{name}`

Enlarge $x$, so that $$y = \\frac{{x}}{{2}} + \\sum_{{i=1}}^n \\mathrm{{long}}_i$$

| a | b |
|---|---|
| 1 | 2 |

<details><summary>Hint 1</summary>

Slices have a *step*.

</details>
"""
DRAWN = np.round(np.random.default_rng(0).normal(size=(16, 16)), 3)
ARRAYS = Finding(
    "f", "wrong", "values", "Rows and columns of `the result` are swapped.", True,
    f"f(np.array({DRAWN[0].tolist()}))", str(DRAWN[0].tolist()), str(DRAWN[1].tolist()),
    "2 of 256 entries, the first at [0, 1]: 4 instead of 3", remarks=("Look at the shapes.",),
    yours_values=tuple(map(tuple, DRAWN.tolist())),
    wanted_values=tuple(map(tuple, DRAWN.T.tolist())), differing=((0, 1), (5, 7)),
    part="[0, :16, :16, 2]", hint=1,
)  # fmt: skip
SMALL = replace(
    ARRAYS, yours_values=((1.0, -2.5, float("nan")),) * 8, wanted_values=((1.0, 2.0, 3.0),) * 8
)
LAYER = "Conv2DTranspose(filters=16, kernel_size=(3, 3), strides=(2, 2), padding='same')"
LAYERS = replace(
    ARRAYS, yours_values=(), wanted_values=(), part="", differing_layer=1,
    yours_layers=("Input  →  (7, 7, 1)", f"{LAYER}  →  (14, 14, 16)"),
)  # fmt: skip
RAISES = Finding(
    "f", "raises", "raises-ValueError", "It raises ValueError.", raised="ValueError: x"
)
OPEN = Finding("f", "not attempted", "not-attempted", "It is not attempted yet.")
STOPPED = Finding("f", "stopped", "timeout", "This cell was stopped.")


def student_page(folder):
    """The page of somebody with every kind of result."""
    made = []
    scores = {}
    for n, finding in enumerate([None, ARRAYS, SMALL, LAYERS, RAISES, OPEN, STOPPED], 1):
        name = f"a_function_with_a_long_name_{n}"
        test = cell(f"check.{name}({name})", f"test_{name}", grade=True, locked=True, points=4)
        if finding:
            test.metadata.autograder = {"finding": finding.to_data(), "hidden": False}
        long = "x = " + " + ".join(["a_long_name"] * 20)
        answer = cell(f"def {name}(x):\n    {long}\n    return 'x'  # why", name, solution=True)
        made += [new_markdown_cell(TASK.format(n=n, name=name)), answer, test]
        scores[f"test_{name}"] = Score([4, 2][n == 3] if n in (1, 3) else 0, False)
    file = io.BytesIO()
    Image.new("RGB", (1600, 400), "#888").save(file, "PNG")
    data = {"image/png": base64.b64encode(file.getvalue()).decode()}
    wide = "<table><tr>" + "<td>wide</td>" * 60 + "</tr></table>"
    shown = [new_output("display_data", data), new_output("display_data", {"text/html": wide})]
    made.append(new_code_cell("draw()", outputs=[*shown, new_output("stream", text="z" * 500)]))
    about = Standing(
        "a-long-student-id-1234567890@university.example", "01-zero-insertion", "Ada Lovelace",
        6, 28, 1.5, datetime(2030, 1, 2, 3, 4, tzinfo=UTC), scores=scores,
        comments={"a_function_with_a_long_name_2": "Nearly: **transpose** it."},
    )  # fmt: skip
    solutions = {"a_function_with_a_long_name_2": "def f(x):\n    return x.T"}
    path = folder / "page.html"
    path.write_text(render(new_notebook(cells=made), about, solutions, shows_values=True))
    return path.as_uri()


def broken_page(folder):
    notes = ["tiny.ipynb is not a notebook: it is not JSON text."]
    notebook = new_notebook(metadata={"autograder": {"graded": False, "notes": notes}})
    path = folder / "broken.html"
    path.write_text(render(notebook, Standing("ada", "tiny", "", 0, 5), {}, shows_values=True))
    return path.as_uri()


@pytest.mark.parametrize("make", [student_page, broken_page])
def test_it_reads_well_in_light_dark_and_on_a_phone(make, looked_at, tmp_path):
    assert looked_at(make(tmp_path)) == []


def test_with_everything_unfolded_it_reads_as_well(looked_at, tmp_path):
    path = tmp_path / "page.html"
    address = student_page(tmp_path)
    path.write_text(path.read_text().replace("<details", "<details open"))
    assert looked_at(address) == []


def test_the_reference_solution_stands_beside_the_answer(page, tmp_path):
    page.goto(student_page(tmp_path))
    beside = page.locator("#exercise-2 .beside")
    answer, solution = (beside.locator(kind).bounding_box() for kind in (".answer", ".solution"))
    assert answer["x"] + answer["width"] < solution["x"] and answer["y"] == solution["y"]


def test_it_loads_nothing_and_needs_no_script(browser, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    window, asked, refused = context.new_page(), [], []
    window.on("request", lambda request: asked.append(request.url))
    window.on("console", lambda said: refused.append(said.text))
    address = student_page(tmp_path)
    window.goto(address)
    hint = window.locator("details.hint").first
    assert not hint.get_by_text("Slices have a").is_visible()
    hint.locator("summary").click()
    assert hint.get_by_text("Slices have a").is_visible()
    window.locator("table.overview a").nth(1).click()
    assert window.url.endswith("#exercise-2")
    assert window.locator("math mfrac").count() > 0
    assert [url for url in asked if not url.startswith(("data:", address))] == []
    assert refused == []  # nothing that its own policy forbids
    context.close()


def test_on_paper_what_matters_is_unfolded_and_the_rest_is_not_there(page, tmp_path):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(student_page(tmp_path))
    for kind in ("hint", "task"):
        inside = page.locator(f"details.{kind} >> nth=0").locator("p, pre").first
        assert inside.bounding_box()["height"] > 0, kind
    assert not page.locator("details.rest").is_visible()
    assert page.get_by_text("Nearly: transpose it.").is_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"  # a dark screen costs no ink
    paper = page.pdf()
    assert paper.startswith(b"%PDF")
