"""What nbgrader makes of exercises that are not attempted, without any of the course's settings."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.validator import Validator
from tiny import nbgrader

from autograder import cells

pytestmark = [pytest.mark.notebooks, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
FIRST, LAST = "01-zero-insertion", "test_correlate2d"  # two exercises suffice
ANSWER = (ROOT / "tests/catalogue" / FIRST / "correlate2d/right_windows.py").read_text()


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course without settings; ben submits the first exercise open and the second right."""
    monkeypatch.setenv("AUTOGRADER_STATIC", "")
    source = nbformat.read(ROOT / "solutions" / FIRST / f"{FIRST}.ipynb", as_version=4)
    end = [cells.grade_id(c) for c in source.cells].index(LAST) + 1
    source.cells = source.cells[:end]
    (tmp_path / "nbgrader_config.py").touch()
    folder = tmp_path / "source" / FIRST
    folder.mkdir(parents=True)
    nbformat.write(source, folder / f"{FIRST}.ipynb")
    nbgrader(tmp_path, "generate_assignment", FIRST)
    submitted = Path(shutil.copytree(tmp_path / "release", tmp_path / "submitted" / "ben"))
    path = submitted / FIRST / f"{FIRST}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cells.by_id(notebook.cells)["correlate2d"].source = ANSWER
    nbformat.write(notebook, path)
    return path


def test_validate_says_open_and_autograde_gives_no_points(course):
    (failed,) = Validator().validate(str(course))["failed"]
    assert failed["raw_error"].endswith("○ insert_zeros: not attempted yet (open).\x1b[0m")

    root = course.parents[3]
    nbgrader(root, "autograde", FIRST)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(FIRST, "ben")
        (notebook,) = submission.notebooks
        assert {g.name: g.auto_score for g in notebook.grades} == {
            "test_insert_zeros": 0,
            LAST: 3,
        }
