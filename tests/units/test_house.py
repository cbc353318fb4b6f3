"""What a newcomer may rely on: maps name every module, and modules and functions stay short."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "autograder"
MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if "template" not in p.parts]
LONG_ON_PURPOSE = "A long function"  # a comment or docstring that begins so says why


def name_of(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.name == "__init__.py" and p.parent != PACKAGE], ids=name_of
)
def test_the_docstring_of_a_package_names_every_module(path):
    said = ast.get_docstring(ast.parse(path.read_text()))
    inside = {p.stem for p in path.parent.glob("*.py")} - {"__init__"}
    inside |= {p.parent.name for p in path.parent.glob("*/__init__.py")}
    assert {name for name in inside if not re.search(rf"\b{name}\b", said)} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_in_a_whole_sentence(path):
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert re.match(r"[A-Z`].*[.:]$", said.split("\n\n")[0].replace("\n", " ")), said


def test_the_readme_names_files_that_exist():
    text = (ROOT / "README.md").read_text()
    part = text[text.index("## How it works") : text.index("## Authors")]
    paths = set(re.findall(r"`([\w/]+(?:\.py|/))`", part))
    assert len(paths) > 15
    elsewhere = {"autograder/", "classroom/submitted/"}
    assert {path for path in paths - elsewhere if not (PACKAGE / path).exists()} == set()


@pytest.mark.parametrize("package", ["grading", "examiner"])
def test_no_module_is_longer_than_300_lines(package):
    lengths = {name_of(p): len(p.read_text().splitlines()) for p in MODULES}
    assert {n: k for n, k in lengths.items() if n.startswith(package) and k > 300} == {}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_above_60_lines_says_why(path):
    text = path.read_text()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60:
            assert LONG_ON_PURPOSE in ast.get_source_segment(text, node), node.name
