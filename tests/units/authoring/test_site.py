"""The course site: released notebooks as pages that give no answer away and need no other host."""

import base64
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from typer.testing import CliRunner

from autograder import cells
from autograder.authoring.rules import hidden_lines
from autograder.authoring.site.build import build_site
from autograder.authoring.site.formulas import mathml
from autograder.authoring.sources import AuthoringError, assignments, read
from autograder.cli import app

ROOT = Path(__file__).parents[3]
NAMES = assignments(ROOT)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of this course."""
    place = tmp_path_factory.mktemp("site") / "_site"
    build_site(ROOT, place)
    return place


def page(site, name):
    return BeautifulSoup((site / name / f"{name}.html").read_text(), "html.parser")


def notebook(folder, name, root=ROOT):
    return nbformat.read(root / folder / name / f"{name}.ipynb", as_version=4)


def bare(text):
    """Text without white space, in which lines are found however they were wrapped."""
    return "".join(text.split())


# ------------------------------------------------------------------------------- this course
def test_no_line_of_a_solution_or_a_hidden_test_stands_in_any_file(site):
    hidden = {bare(s) for n in NAMES for c in read(ROOT, n).cells for s in hidden_lines(c)}
    shown = "".join(cell.source for name in NAMES for cell in notebook("notebooks", name).cells)
    shown += shown.replace("`", "")  # as a page shows the code that stands in prose
    hidden = {line for line in hidden if line not in bare(shown)}
    assert len(hidden) > 300
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".css", ".ipynb", ".svg"):
            text = path.read_text()
            readable = {bare(text), bare(text.replace("\\n", ""))}  # as in a notebook's JSON
            if path.suffix == ".html":
                readable.add(bare(BeautifulSoup(text, "html.parser").get_text()))
            assert not [line for line in hidden for one in readable if line in one], path


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_the_figures_of_demonstrations_and_no_output_of_answers(site, name):
    shown = page(site, name)
    assert not shown.select(".tag_answer .cell_output, .tag_check .cell_output")
    figures = [image["alt"] for image in shown.select(".cell_output img")]
    assert figures == [
        output.metadata["image/png"].alt
        for cell in notebook("solutions", name).cells
        if cell.cell_type == "code" and cells.role(cell) == "plain"
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert len(figures) > 5
    assert "visible checks passed" not in shown.get_text()  # the table of the reference solution


@pytest.mark.parametrize("name", NAMES)
def test_hints_are_folded(site, name):
    hints = page(site, name).select("details")
    assert len(hints) == sum(c.source.count("<details>") for c in notebook("notebooks", name).cells)
    assert hints and not any("open" in hint.attrs for hint in hints)


def test_the_home_page_shows_each_notebook_with_its_picture_time_and_points(site):
    home = BeautifulSoup((site / "index.html").read_text(), "html.parser")
    found = home.select(".card")
    assert [card.a["href"] for card in found] == [f"{name}/{name}.html" for name in NAMES]
    for card in found:
        assert (site / card.img["src"]).exists() and len(card.img["alt"].split()) > 3
        assert re.fullmatch(r"\d+ min · \d+ points", card.select_one(".facts").text)


@pytest.mark.parametrize("name", NAMES)
def test_a_released_notebook_can_be_downloaded_as_it_is(site, name):
    (link,) = page(site, name).select("a[download]")
    assert link["href"] == f"{name}.ipynb"
    released = ROOT / "notebooks" / name / f"{name}.ipynb"
    assert (site / name / f"{name}.ipynb").read_bytes() == released.read_bytes()


def test_formulas_are_mathml(site):
    formulas = page(site, "06-image-generation").select("math")
    assert {formula["display"] for formula in formulas} == {"inline", "block"}
    assert not any("mathjax" in path.read_text().lower() for path in site.rglob("*.html"))


def test_building_twice_gives_the_same_bytes(site, tmp_path):
    def content(folder):
        return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    build_site(ROOT, tmp_path / "again")
    assert content(tmp_path / "again") == content(site)


@pytest.mark.parametrize(
    "formula", [r"\frac{1}{2", r"\frac{1}", r"\foo{x}", "a_", r"\left( a", r"\begin{matrix} a"]
)
def test_a_formula_that_cannot_be_drawn_is_refused(formula):
    with pytest.raises(ValueError, match=r"."):
        mathml(formula)


# --------------------------------------------------------------------------- a course of two
def nbgrader(grade_id, **flags):
    details = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    return json.dumps({**details, "grade_id": grade_id, "schema_version": 3})


def source(title, prose):
    return f"""# %% [markdown]
# {title}
#
# About 10 minutes. {prose}

# %% nbgrader={nbgrader("double", solution=True)}
def double(x):
    ### BEGIN SOLUTION
    sum_of_both_halves = x + x
    return sum_of_both_halves
    ### END SOLUTION

# %% nbgrader={nbgrader("test_double", grade=True, locked=True, points=3)}
assert double(1) == 2
### BEGIN HIDDEN TESTS
assert double(123456789) == 246913578
### END HIDDEN TESTS

# %%
print(double(4))
"""


def run(cell):
    """What a run of the cell leaves in the executed notebook."""
    if cells.role(cell) == "grade":
        cell.outputs = [new_output("stream", text="graded")]
    elif cells.role(cell) == "plain":
        cell.outputs = [new_output("stream", text="eight")]


@pytest.fixture
def course(tmp_path):
    """A function that writes a course of two notebooks and gives its root."""

    def write(first="", second="", title="# # 2 · Second", address=None, run=run):
        root = tmp_path / "course"
        shutil.rmtree(root, ignore_errors=True)
        (root / "solutions").mkdir(parents=True)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        urls = f'[project.urls]\nRepository = "{address}"\n' if address else ""
        (root / "pyproject.toml").write_text(f'[project]\nname = "course"\n{urls}')
        readme = ["# Tiny: a course", ""]
        table = {"01-first": ("# # 1 · First", first), "02-second": (title, second)}
        (root / "solutions/points.json").write_text(
            json.dumps({"points": {name: {"test_double": 3} for name in table}})
        )
        for name, (heading, prose) in table.items():
            readme += [f"![A dot, and nothing else](notebooks/{name}.png)", ""]
            readme += [f"| [{name}](notebooks/{name}/{name}.ipynb) | a dot | 10 min | 3 |", ""]
            text = source(heading.removeprefix("# "), prose)
            (root / "solutions" / f"{name}.py").write_text(text)
            for folder in ("solutions", "notebooks"):
                written = read(root, name).notebook
                for cell in written.cells:
                    region = r"( *)### BEGIN (\w+).*### END [^\n]*"
                    if folder == "notebooks":
                        cell.source = re.sub(region, r"\1...", cell.source, flags=re.DOTALL)
                    elif cell.cell_type == "code":
                        run(cell)
                (root / folder / name).mkdir(parents=True)
                nbformat.write(written, root / folder / name / f"{name}.ipynb")
            (root / "notebooks" / f"{name}.png").write_bytes(DOT)
        (root / "README.md").write_text("\n".join(readme))
        return root

    return write


def refusal(root):
    """The problems for which a site is not built."""
    (root / "_site").mkdir()
    with pytest.raises(AuthoringError) as refused:
        build_site(root, root / "_site")
    assert [*(root / "_site").iterdir()] == []  # an older site stays
    return "\n".join(map(str, refused.value.problems))


def test_a_link_to_another_notebook_leads_to_its_page(course):
    link = "See [the second](../02-second/02-second.ipynb)."
    root = course(first=link)
    build_site(root, root / "_site")
    assert page(root / "_site", "01-first").select_one('a[href="../02-second/02-second.html"]')


@pytest.mark.parametrize("address", [None, "https://github.com/some/course"])
def test_a_notebook_opens_elsewhere_only_if_the_course_has_an_address(course, address):
    root = course(address=address)
    build_site(root, root / "_site")
    links = [a["href"] for a in page(root / "_site", "01-first").select(".open a")]
    path = "01-first/01-first.ipynb"
    elsewhere = [
        f"https://mybinder.org/v2/gh/some/course/HEAD?urlpath=lab/tree/my-work/{path}",
        f"https://colab.research.google.com/github/some/course/blob/main/notebooks/{path}",
    ]
    assert links == ["01-first.ipynb", *(elsewhere if address else [])]
    home = (root / "_site/index.html").read_text()
    assert ("mybinder.org" in home) == ("colab" in home) == bool(address)


def test_what_is_broken_is_listed_with_its_place(course):
    first = r"""[lost](../03-lost/03-lost.ipynb) and [astray](../02-second/02-second.ipynb#nowhere)
#
# $$\frac{1}$$
#
# ![A picture](https://example.org/a.png)
"""
    said = refusal(course(first, title="# No heading"))
    place = "notebooks/01-first/01-first.ipynb: cell 1 (# 1 · First): "
    assert f"{place}the formula `\\frac{{1}}` cannot be drawn: a part of a fraction" in said
    assert re.search(rf"{re.escape(place)}.*03-lost", said)
    assert "#nowhere" in said
    assert "02-second" in said and "doesn't have a title" in said
    assert "loads https://example.org/a.png, which another host serves." in said


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", text="return sum_of_both_halves"),
        new_output("display_data", {"text/html": "<b>return</b> sum_of_both_halves"}),
    ],
    ids=["as text", "between tags"],
)
def test_an_output_that_shows_a_hidden_line_stops_the_build(course, output):
    def tell(cell):
        if cells.role(cell) == "plain":
            cell.outputs = [output]

    said = refusal(course(run=tell))
    assert "students would see `return sum_of_both_halves`, hidden in cell 2 (double)" in said


def test_a_figure_needs_alternative_text(course):
    def draw(cell):
        if cells.role(cell) == "plain":
            picture = {"image/png": base64.b64encode(DOT).decode()}
            cell.outputs = [new_output("display_data", picture)]

    said = refusal(course(run=draw))
    assert "01-first.ipynb: cell 4 (print(double(4))): has a figure without alternative" in said


def test_notebooks_that_differ_from_their_executed_twins_are_refused(course):
    root = course()
    path = root / "notebooks/01-first/01-first.ipynb"
    path.write_text(path.read_text().replace("print(double(4))", "print(double(5))"))
    (root / "solutions/02-second/02-second.ipynb").unlink()
    said = refusal(root)
    assert "01-first.ipynb: cell 4 (print(double(5))): differs from its executed twin" in said
    assert "solutions/02-second/02-second.ipynb: is missing: run `make build`." in said


def test_an_assignment_that_the_readme_lacks_is_named(course):
    root = course()
    (root / "README.md").write_text("# Tiny")
    said = refusal(root)
    assert "README.md: has no row for 01-first in its table of notebooks." in said
    assert "README.md: shows no picture notebooks/02-second.png" in said


def test_the_command_builds_the_site_in_its_folder(course, monkeypatch):
    monkeypatch.chdir(course())
    done = CliRunner().invoke(app, ["site"])
    assert re.fullmatch(r"✓ Built _site/: 4 pages in [\d.]+ s\.\n", done.output)
    assert Path("_site/index.html").exists()


# ------------------------------------------------------------------------------- the workflow
def test_the_workflow_publishes_the_site_of_main_and_may_do_nothing_else():
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text())
    assert workflow[True] == {"push": {"branches": ["main"]}}  # YAML reads the word `on` as true
    assert workflow["permissions"] == {"contents": "read"}
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert "permissions" not in build
    assert "make site" in [step.get("run") for step in build["steps"]]
    (upload,) = [s for s in build["steps"] if "upload-pages-artifact" in s.get("uses", "")]
    assert upload["with"] == {"path": "_site"}
    assert deploy["needs"] == "build"
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].split("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]
