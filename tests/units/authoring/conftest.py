"""A course of the first assignment alone, whose notebooks are as their source."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from autograder.authoring.publish import addressed
from autograder.authoring.release import release
from autograder.authoring.sources import read

ROOT = Path(__file__).parents[3]
NAME = "01-zero-insertion"


@pytest.fixture(scope="session")
def first_of_all(tmp_path_factory):
    root = tmp_path_factory.mktemp("first")
    for folder in ("autograder", "data", ".binder", "requirements"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "solutions" / NAME).mkdir(parents=True)
    sources = ["solutions/points.json", f"solutions/{NAME}.py"]
    for file in ["README.md", "LICENSE", "pyproject.toml", "nbgrader_config.py", *sources]:
        shutil.copy(ROOT / file, root / file)
    for file in ("README.md", f"solutions/{NAME}.py"):
        (root / file).write_text(addressed(root, file, None))
    project = (root / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(project.partition("[project.urls]")[0])

    notebook = read(root, NAME).notebook
    next(c for c in notebook.cells if c.cell_type == "code").outputs = [
        new_output("stream", text="what the set-up cell printed\n")
    ]
    nbformat.write(notebook, root / "solutions" / NAME / f"{NAME}.ipynb")
    released = release(root, NAME, notebook, tmp_path_factory.mktemp("scratch"))
    shutil.copytree(released, root / "notebooks" / NAME)
    return root


@pytest.fixture
def first(first_of_all, tmp_path):
    """A course of the first assignment that names no repository; the test may change it."""
    return Path(shutil.copytree(first_of_all, tmp_path / "first"))
