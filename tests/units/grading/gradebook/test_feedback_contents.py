"""What a feedback page says of each exercise, what it keeps to itself, and how large it gets."""

import base64
import contextlib
import io
import shutil
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from tiny import NOTEBOOK, TINY, cell, grade_class, hand_in, page, solved
from traitlets.config import Config

from autograder import cells
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook import pages
from autograder.grading.gradebook.configuration import db_url, feedback_options, find_class
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.feedback.contents import parts_of
from autograder.grading.gradebook.feedback.formulas import mathml
from autograder.grading.gradebook.feedback.markup import kept
from autograder.grading.gradebook.feedback.page import render
from autograder.grading.gradebook.feedback.prose import rendered
from autograder.grading.gradebook.feedback.standing import Score, Standing, standing
from autograder.grading.gradebook.steps import HideTests
from autograder.lab.findings import Finding

ROOT = Path(__file__).parents[4]
EVIL = "</pre></section><script>alert(1)</script>\"'<img src=x onerror=alert(1)>"
TASK = """# 1 · Twice

Theory.

### Exercise 4 · `double`

Double $x$.

<details><summary>Hint 1</summary>

Read the task.

</details>
<details><summary>Hint 2</summary>

Multiplication by three is wrong.

</details>
"""
WRONG = Finding(
    "double", "wrong", "tripled", "A multiplication by `3`.", True, "double(1)  # expected 2",
    "2", "3", "another value", line=1,
)  # fmt: skip


def notebook(finding=None, answer="def double(x):\n    return 3 * x", hidden=False, more=()):
    test = cell("check.double(double)", "test_double", grade=True, locked=True, points=3)
    if finding:
        test.metadata.autograder = {"finding": finding.to_data(), "hidden": hidden}
        test.outputs = [new_output("error", ename="E", evalue="e", traceback=["e"])]
    own = [new_markdown_cell(TASK), cell(answer, "double", solution=True), test]
    return new_notebook(cells=[*own, *more])


STANDING = Standing("ada-1", "a1", "Ada Lovelace", 3.5, 5.0, 0.5,
                    datetime(2030, 1, 2, 3, 4, tzinfo=UTC))  # fmt: skip


def shown(finding=None, score=0.0, shows_values=True, solutions=None, **given):
    about = replace(STANDING, scores={"test_double": Score(score, False)})
    text = render(notebook(finding, **given), about, solutions or {}, shows_values)
    return BeautifulSoup(text, "html.parser")


def test_the_top_says_who_what_when_and_how_many_points():
    page = shown()
    assert page.h1.get_text() == "Ada Lovelace ada-1"
    assert page.select_one("header p").get_text() == "Feedback on 1 · Twice (a1)"
    facts = {div.dt.get_text(): div.dd.get_text() for div in page.select("header dl div")}
    assert facts["points of 5"] == "3.5" and facts["late penalty, taken off"] == "0.5"
    assert facts["handed in (UTC)"] == "2030-01-02 03:04"


def test_without_a_name_or_a_date_the_top_says_what_is_known():
    text = render(notebook(), Standing("ada-1", "a1"), {}, shows_values=True)
    page = BeautifulSoup(text, "html.parser")
    assert page.h1.get_text() == "ada-1" and "penalty" not in page.header.get_text()
    assert "not known" in page.header.get_text()


@pytest.mark.parametrize(
    ("finding", "score", "says"),
    [
        (None, 3, "✓ right"),
        (WRONG, 0, "✗ wrong"),
        (WRONG, 1.5, "◐ partly"),
        (replace(WRONG, outcome="not attempted"), 0, "○ open"),
        (replace(WRONG, outcome="stopped"), 0, "■ stopped"),
        (replace(WRONG, outcome="raises"), 0, "✗ wrong"),
    ],
)
def test_the_table_has_a_row_for_each_exercise_that_leads_to_it(finding, score, says):
    page = shown(finding, score)
    number, status, points, sentence = page.select("table.overview tbody td")
    assert (number.get_text(), status.get_text()) == ("4", says)
    assert points.get_text() == f"{score:g} / 3"
    link = page.select_one("tbody a")
    assert link.get_text() == "double" and page.select_one(link["href"]).name == "section"
    assert bool(sentence.get_text()) == (score < 3)


def test_of_an_answer_that_was_stopped_that_is_said():
    made = notebook(replace(WRONG, outcome="raises", sentence="It raises NameError."))
    stopped = replace(WRONG, outcome="stopped", sentence="This cell was stopped.")
    made.cells[1].metadata.autograder = {"finding": stopped.to_data()}
    text = render(made, STANDING, {}, shows_values=True)
    assert "This cell was stopped." in text and "■" in text and "NameError" not in text


def test_an_exercise_that_waits_for_a_person_says_so():
    about = replace(STANDING, scores={"test_double": Score(0, True)})
    text = render(notebook(), about, {}, shows_values=True)
    assert "not graded yet" in text and "✗" not in text


def test_an_exercise_shows_what_was_called_and_the_misconception():
    section = shown(WRONG).section
    labels = [dt.get_text() for dt in section.select("dl.facts dt")]
    values = [dd.get_text() for dd in section.select("dl.facts dd")]
    assert labels == ["called", "expected", "returned", "difference"]
    assert values == ["double(1)", "2", "3", "another value"]
    assert section.select_one(".says").get_text().strip() == "A multiplication by 3."
    assert section.select_one(".answer pre").get_text().startswith("def double")
    assert "Double" in section.select_one("details.task").get_text()


def test_results_are_drawn_beside_each_other_and_what_differs_is_outlined():
    drawn = {"yours_values": ((1.0, -2.0),), "wanted_values": ((1.0, 2.5),)}
    figures = shown(replace(WRONG, **drawn, differing=((0, 1),), part="[0, :]")).select("figure")
    assert [f.figcaption.get_text() for f in figures] == ["expected", "returned"]
    assert [[t.get_text() for t in f.select("text")] for f in figures] == [
        ["1", "2.5"],
        ["1", "−2"],
    ]
    for figure in figures:
        assert figure.select_one("path.mark")["d"].count("M") == 1
        assert (
            "1 entries differ" in figure.svg["aria-label"] or "differ" in figure.svg["aria-label"]
        )


def test_what_an_earlier_version_found_is_drawn_from_its_rows_of_text():
    figures = shown(replace(WRONG, yours=("4 5", "6 7"), wanted=("3 5", "6 7"))).select("figure")
    assert len(figures) == 2 and figures[1].select_one("path.mark")["d"].count("M") == 1


def test_layers_are_listed_and_the_one_at_fault_is_marked():
    layers = ("Input  →  (4, 4, 1)", f"Conv2D(name='{EVIL}')")
    figures = shown(replace(WRONG, yours_layers=layers, differing_layer=1)).select("figure")
    assert [f.figcaption.get_text() for f in figures] == ["returned"]
    (marked,) = figures[0].select("li.at")
    assert marked.get_text() == f"▸ here {layers[1]}"
    both = shown(replace(WRONG, yours_layers=("a", "b"), wanted_layers=("a", "c")))
    assert [li.get_text() for li in both.select("li.at")] == ["▸ here c", "▸ here b"]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("hidden", [True, False])
def test_the_hint_that_the_finding_names_is_offered(number, hidden):
    page = shown(replace(WRONG, hint=number), shows_values=False, hidden=hidden)
    hint = page.select_one("details.hint")
    assert hint.summary.get_text() == f"Hint {number} of 2"
    assert hint.p.get_text() == ["Read the task.", "Multiplication by three is wrong."][number - 1]


@pytest.mark.parametrize(
    ("finding", "score"),
    [(WRONG, 0), (replace(WRONG, hint=3), 0), (replace(WRONG, hint=1), 3), (None, 3), (None, 0)],
    ids=["none is named", "the task has fewer", "right", "right and nothing found", "not known"],
)
def test_no_hint_is_offered_but_the_task_has_all(finding, score):
    page = shown(finding, score)
    assert page.select("details.hint") == []
    task = page.select_one("details.task")
    titles = [hint.get_text() for hint in task.select("details summary")]
    assert titles[-2:] == ["Hint 1", "Hint 2"]
    assert "Multiplication by three is wrong." in task.get_text()


def test_an_exercise_that_is_not_attempted_has_the_first_hint():
    page = shown(Finding("double", "not attempted", "not-attempted", "It is not attempted yet."))
    assert page.select_one("details.hint summary").get_text() == "Hint 1 of 2"


def beside_set_up(text):
    """The page of an exercise with a set-up cell and a guess between its text and its answer."""
    made = notebook(replace(WRONG, hint=1))
    made.cells[0].source = text
    made.cells.insert(1, cell("a = 1", "setup_a", locked=True))
    made.cells.insert(1, new_code_cell("lab.predict('a', 'How many?', guess=7)"))
    return BeautifulSoup(render(made, STANDING, {}, shows_values=True), "html.parser")


def test_set_up_cells_may_stand_between_a_task_and_its_answer():
    page = beside_set_up(TASK)
    assert page.select_one("details.hint summary").get_text() == "Hint 1 of 2"
    assert "Double" not in page.select_one("details.rest").get_text()
    assert "a = 1" in page.select_one("details.rest").get_text()


def test_a_text_above_set_up_cells_that_is_no_exercise_is_no_task():
    page = beside_set_up("## Data\n\nRun this cell.")
    assert page.select("details.task") == []
    assert "Run this cell." in page.select_one("details.rest").get_text()


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/*/*.ipynb")), ids=lambda p: p.stem)
def test_each_exercise_of_the_course_has_its_task_and_all_its_hints(path):
    files = ROOT.glob("autograder/lab/checks/*.toml")
    tables = {k: v for file in files for k, v in tomllib.loads(file.read_text()).items()}
    parts, _ = parts_of(nbformat.read(path, as_version=4))
    for part in parts:
        name = cells.exercise(part.test)
        assert part.title == f"`{name}`"
        assert len([*cells.hints(part.task)]) == len(tables[name]["hints"]) > 0, name


def test_an_instructors_comment_is_shown_and_nbgraders_is_not(tmp_path, tiny_course, released):
    room = Classroom(tiny_course, tmp_path / "class")
    hand_in(room, "ada", solved(released))
    grade_class(room)
    with open_gradebook(room) as gradebook:
        comment = gradebook.find_comment("double", TINY, TINY, "ada")
        comment.auto_comment = "No response."
        gradebook.db.commit()
        assert comment.comment == "No response."
    assert standing(db_url(room), TINY, TINY, "ada").comments == {}
    with open_gradebook(room) as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        comment = gradebook.find_comment("double", TINY, TINY, "ada")
        comment.manual_comment = f"Nearly: **half** {EVIL}"
        gradebook.db.commit()
    pages.write_feedback(room, NOTEBOOK, "ada")
    text = page(room, "ada")
    assert "Your instructor writes" in text and "<strong>half</strong>" in text
    assert (
        "Ada Lovelace" in text
        and "<script" not in text
        and "onerror" not in text.replace("onerror=alert(1)&gt;", "")
    )


def test_nothing_of_a_students_is_more_than_text():
    finding = replace(
        WRONG, sentence=EVIL, call=EVIL, expected=EVIL, returned=EVIL, differs=EVIL, raised=EVIL,
        where=EVIL, remarks=(EVIL,), part=EVIL, yours_values=((1.0,),), wanted_values=((2.0,),),
    )  # fmt: skip
    outputs = [new_output("stream", text=EVIL), new_output("display_data", {"text/html": EVIL})]
    more = [new_markdown_cell(EVIL), new_code_cell(EVIL, outputs=outputs)]
    about = replace(STANDING, student=EVIL, name=EVIL, assignment=EVIL)
    text = render(notebook(finding, answer=EVIL, more=more), about, {}, shows_values=True)
    page = BeautifulSoup(text, "html.parser")
    assert page.select("script, img, [onerror]") == []
    assert len(page.select("section")) == 1 and page.section.find_parent("main")


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("</div></details><b>x", "<b>x</b>"),
        ("<p onclick='a()' style='x'>t</p>", "<p>t</p>"),
        ("<a href='https://keras.io'>t</a>", "t <small>(https://keras.io)</small>"),
        ("<a href='javascript:a()'>t</a>", "t"),
        ("<img src='https://x.y/z.png' alt='z'>", "[picture: z]"),
        ("<script>a()</script><style>b</style>c", "c"),
        ("<h1 id='x'>t</h1>", "<h4>t</h4>"),
        ("<svg><a xlink:href='x'>t</a></svg><!-- c -->", "t"),
        ("&lt;b&gt; &amp;", "&lt;b&gt; &amp;"),
        ("<math href='x'><mi id='y' mathvariant='bold'>t</mi></math>",
         '<math><mi mathvariant="bold">t</mi></math>'),
    ],
)  # fmt: skip
def test_markup_keeps_harmless_tags_in_pairs(given, left):
    assert kept(given) == left


def test_formulas_are_mathml_and_others_their_source():
    assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>" in mathml(r"\frac{a}{b}")
    assert mathml(r"\unknowncommand x") == r"<code>$\unknowncommand x$</code>"
    assert mathml(r"\def\a{b}\a", block=True) == r"<code>$$\def\a{b}\a$$</code>"
    assert "<script" not in mathml("<script>") and "<script" not in mathml(r"\text{<script>}")
    assert "href" not in kept(mathml(r"\href{https://x.y}{z}")).replace(r"\href", "")
    assert '<div class="formula" tabindex="0"><math display="block">' in rendered("$$x$$")
    assert rendered("costs $5").strip() == "<p>costs $5</p>"


def test_a_hidden_tests_values_are_left_out_where_they_are_to_stay_hidden():
    drawn = {"yours_values": ((1.0,),), "wanted_values": ((7.25,),), "yours": ("1",)}
    secret = replace(WRONG, call="double(97)", expected="7.25", differs="7.25", **drawn,
                     wanted=("7.25",), remarks=("It was given 97.",),
                     sentence="A multiplication by `factor`.",
                     wanted_layers=("7.25",))  # fmt: skip
    hides = shown(secret, shows_values=False, hidden=True)
    assert "97" not in hides.get_text() and "7.25" not in str(hides)
    assert "A multiplication by factor." in hides.get_text() and "not shown" in hides.get_text()
    for open_to_all in (shown(secret, shows_values=False), shown(secret, hidden=True)):
        assert "double(97)" in open_to_all.get_text() and "7.25" in open_to_all.get_text()


@pytest.mark.parametrize(
    ("line", "hidden"), [(1, False), (3, True), (4, True), (5, True), (6, False), (0, True)]
)
def test_a_finding_is_hidden_if_its_line_is_or_if_it_is_not_known(line, hidden):
    source = "f(1)\n2\n### BEGIN HIDDEN TESTS\nf(97)\n### END HIDDEN TESTS\n6"
    own = new_code_cell(source, metadata={"autograder": {"finding": {"line": line}}})
    seen, _ = HideTests().preprocess_cell(own, {}, 0)
    assert seen.metadata.autograder.hidden is hidden and "97" not in seen.source


def test_without_a_hidden_region_nothing_is_hidden():
    seen, _ = HideTests().preprocess_cell(new_code_cell("f(1)"), {}, 0)
    assert seen.metadata.autograder.hidden is False


def course_with(tiny_course, root, options):
    for folder in ("solutions", "notebooks"):
        shutil.copytree(tiny_course / folder, root / folder)
    config = (tiny_course / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(f"{config}\n{options}\n")
    return Classroom(root, root / "classroom")


@pytest.mark.slow
def test_the_reference_solution_is_shown_after_the_due_date_and_the_extension(
    tiny_course, tmp_path, released
):
    options = 'c.FeedbackPage.solutions = "after due"'
    room = course_with(tiny_course, tmp_path / "course", options)
    hand_in(room, "ada", solved(released, double="x + x"))
    grade_class(room)

    def shows(due, extension=None):
        with open_gradebook(room) as gradebook:
            gradebook.update_or_create_assignment(TINY, duedate=due)
            gradebook.find_submission(TINY, "ada").extension = extension
            gradebook.db.commit()
        pages.write_feedback(room, NOTEBOOK, "ada")
        text = page(room, "ada")
        assert "BEGIN SOLUTION" not in text
        return "The reference solution" in text and "2</span> * x" in text

    assert not shows(None)
    assert not shows("2999-01-01 00:00 UTC")
    assert shows("2020-01-01 00:00 UTC")
    assert not shows("2020-01-01 00:00 UTC", timedelta(days=400_000))
    assert not shows(None, timedelta(days=1))


def test_the_reference_solution_is_not_shown_by_default(tiny_course, tmp_path, released):
    room = Classroom(tiny_course, tmp_path / "class")
    hand_in(room, "ada", solved(released, double="x + x"))
    grade_class(room)
    with open_gradebook(room) as gradebook:
        gradebook.update_or_create_assignment(TINY, duedate="2020-01-01 00:00 UTC")
    pages.write_feedback(room, NOTEBOOK, "ada")
    assert "reference solution" not in page(room, "ada")


@pytest.mark.parametrize("option", ["solutions", "hidden_values"])
def test_an_unknown_value_of_an_option_is_refused_in_a_sentence(
    option, tiny_course, tmp_path, monkeypatch
):
    config = Config()
    config.FeedbackPage[option] = "sometimes"
    with pytest.raises(GradingError, match=f"c.FeedbackPage.{option} may be .* not 'sometimes'"):
        feedback_options(config)
    room = course_with(tiny_course, tmp_path, f'c.FeedbackPage.{option} = "sometimes"')
    monkeypatch.chdir(room.root)
    with pytest.raises(GradingError, match="not 'sometimes'"):
        find_class()  # before any student is graded


def picture(width, height):
    noise = np.random.default_rng(0).integers(0, 256, (height, width), "uint8")
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def with_figures(*figures):
    outputs = [new_output("display_data", {"image/png": data}) for data in figures]
    return shown(more=[new_code_cell("draw()", outputs=outputs)])


def test_a_figure_is_folded_and_scaled_to_the_size_shown():
    (image,) = with_figures(picture(1440, 40)).select("details.figure img")
    assert (image["width"], image["height"]) == ("720", "20")
    data = base64.b64decode(image["src"].partition(",")[2])
    assert Image.open(io.BytesIO(data)).size == (720, 20)


def test_a_small_figure_is_scaled_by_the_browser():
    given = picture(1440, 20)
    (image,) = with_figures(given).select("details.figure img")
    assert (image["width"], image["height"]) == ("720", "10") and image["src"].endswith(given)
    assert with_figures(given[: len(given) // 8 * 4]).select("img") == []  # broken off


def test_a_figure_that_would_grow_by_scaling_stays_as_it_is():
    file = io.BytesIO()
    dots = np.random.default_rng(0).integers(0, 2, (600, 1400), "uint8") * 255
    Image.fromarray(dots).convert("1").save(file, "PNG", optimize=True)
    given = base64.b64encode(file.getvalue()).decode()
    (image,) = with_figures(given).select("details.figure img")
    assert image["width"] == "720" and image["src"].endswith(given)


def test_figures_stay_within_a_megabyte_and_the_page_says_how_many_are_left_out():
    page = with_figures(*[picture(600, 600)] * 4)
    kept = page.select("details.figure img")
    assert len(kept) == 2 and sum(len(image["src"]) for image in kept) < 10**6
    assert "Figures left out: 2." in page.get_text()


@pytest.mark.parametrize(
    "data", ["aWNvbg==", "not base64", "", base64.b64encode(b"GIF89a").decode()]
)
def test_what_is_not_a_picture_is_left_out(data):
    page = with_figures(data)
    assert page.select("img") == [] and "Figures left out: 1." in page.get_text()


def test_a_picture_of_too_many_pixels_is_not_decoded():
    header = bytearray(base64.b64decode(picture(2, 2)))
    header[16:24] = (50_000).to_bytes(4, "big") * 2
    assert with_figures(base64.b64encode(bytes(header)).decode()).select("img") == []


def test_a_page_has_at_most_300_kilobytes_besides_the_figures():
    large = ((-0.123456,) * 16,) * 16
    finding = replace(
        WRONG, remarks=("y" * 2000,) * 20, yours_values=large, wanted_values=large,
        differing=tuple(map(tuple, np.ndindex(16, 16))), call="z" * 2000,
    )  # fmt: skip
    long = "x = [1, 'two', None]\n" * 5000
    printed = [new_output("stream", text=long * 20)] * 50
    more = [new_code_cell(long, outputs=printed)] * 20 + [new_markdown_cell("*a* $b$ " * 9000)] * 20
    page = notebook(finding, answer=long, more=[*notebook(finding).cells, *more])
    text = render(page, STANDING, {"double": long}, shows_values=True)
    assert len(text.encode()) < 300_000
    assert "this page would become too large" in text


def test_many_large_exercises_stay_within_the_bound():
    finding = replace(
        WRONG, remarks=("y" * 2000,) * 20, call="z" * 2000, yours_layers=("<" * 200,) * 60,
        expected="<" * 2000, returned="<" * 2000, where="<" * 2000, raised="<" * 2000,
    )  # fmt: skip
    cells = []
    for number in range(30):
        own = notebook(finding).cells
        for one in own[1:]:
            one.metadata.nbgrader.grade_id += str(number)
        for one in own:
            one.id += str(number)
        cells += own
    text = render(new_notebook(cells=cells), STANDING, {}, shows_values=True)
    assert len(text.encode()) < 300_000
    assert text.count("<section") == 30


def test_a_file_that_could_not_be_graded_says_why_and_what_to_do():
    broken = new_notebook(
        metadata={"autograder": {"graded": False, "notes": [f"a1.ipynb is not JSON. {EVIL}"]}}
    )
    page = BeautifulSoup(render(broken, STANDING, {}, shows_values=True), "html.parser")
    assert "This file could not be graded. a1.ipynb is not JSON." in page.get_text()
    assert len(page.select("main ol li")) == 4 and page.select("table, section, script") == []


def test_a_page_that_cannot_be_rendered_is_rendered_without_what_the_student_displayed(
    tiny_course, tmp_path, released, monkeypatch
):
    room = Classroom(tiny_course, tmp_path / "class")
    hand_in(room, "ada", solved(released, double="1 / 0"))
    grade_class(room)
    calls = []

    def fails_first(*given):
        calls.append(given)
        if len(calls) == 1:
            raise RecursionError
        return render(*given)

    monkeypatch.setattr(pages, "render", fails_first)
    pages.write_feedback(room, NOTEBOOK, "ada")
    assert len(calls) == 2 and "division by zero" in page(room, "ada")


def test_a_sentence_that_tells_values_is_left_out_where_they_are_to_stay_hidden():
    kinds = {"sentence": "It returns nan; by the formula it is 0.6269.", "raised": ""}
    raises = {"sentence": "It raises ValueError: [[1, 3]].", "raised": "ValueError: [[1, 3]]"}
    for texts in (kinds, raises):
        page = shown(replace(WRONG, **texts), shows_values=False, hidden=True).get_text()
        assert "0.6269" not in page and "[[1" not in page
        assert ("It raises ValueError." in page) == bool(texts["raised"])
    assert (
        "The hidden test found a mistake."
        in shown(replace(WRONG, **kinds), shows_values=False, hidden=True).get_text()
    )


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("wrong", "The kernel's last axes are read as (in, out), and Keras' Conv2D has float32."),
        ("stopped", "It was stopped after 5 s of computing."),
    ],
)
def test_what_tells_no_value_stays_where_values_are_to_stay_hidden(outcome, sentence):
    found = replace(WRONG, outcome=outcome, sentence=sentence)
    page = shown(found, shows_values=False, hidden=True).get_text()
    assert sentence in page and "The hidden test found a mistake." not in page


@pytest.mark.parametrize(
    "text",
    [f"<details><summary>{' ' * 6000}</summary>{'a' * 13_000}", f"# x]{' ' * 19_000}y"],
)
def test_no_text_of_a_students_takes_time_without_end(text):
    page = shown(WRONG, more=[new_markdown_cell(text), *notebook(WRONG).cells])  # comes back
    assert "A multiplication by" in page.get_text()


def test_the_largest_numbers_are_drawn():
    values = {"yours_values": ((1e308, 1.0),), "wanted_values": ((1.0, 1.0),)}
    figures = shown(replace(WRONG, **values, differing=((0, 0),))).select("figure")
    assert figures[-1].select_one("path.p5") is not None


def test_long_and_many_figures_are_left_out():
    assert with_figures(picture(1, 10_001)).select("img") == []
    assert len(with_figures(*[picture(2, 2)] * 61).select("img")) == 60


def test_a_page_that_takes_too_long_is_ended():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_SECONDS", 0.01)
        with pytest.raises(pages._TookTooLong), pages._bounded():
            while True:
                with contextlib.suppress(Exception):  # as a renderer might
                    sum(range(1000))
