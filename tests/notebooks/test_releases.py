"""What a student meets who opens a fresh release and runs every cell."""

import os
from pathlib import Path

import nbclient
import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder import cells

pytestmark = pytest.mark.notebooks

ROOT = Path(__file__).parents[2]
RELEASES = sorted(ROOT.glob("notebooks/*/*.ipynb"))


@pytest.fixture(scope="module", params=RELEASES, ids=lambda path: path.stem)
def executed(request):
    notebook = nbformat.read(request.param, as_version=4)
    resources = {"metadata": {"path": str(request.param.parent)}}
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", allow_errors=True, resources=resources
    )
    client.execute(env={**os.environ, "AUTOGRADER_STATIC": ""})
    return notebook


def errors_of(cell):
    return [o for o in cell.get("outputs", []) if o.output_type == "error"]


def test_every_source_has_a_release():
    assert [p.stem for p in RELEASES] == sorted(p.stem for p in ROOT.glob("solutions/*.py"))


def test_no_cell_fails(executed):
    for cell in executed.cells:
        assert errors_of(cell) == [], cell.source


def test_each_check_notes_that_its_exercise_is_not_attempted(executed):
    for cell in executed.cells:
        if cells.role(cell) == "grade":
            said, _ = cell.outputs
            line = f"○ {cells.exercise(cell)}: not attempted yet (open)."
            assert said.data["text/plain"] == line
            assert determine_grade(cell)[0] == 0  # also where nobody runs it again


def test_no_cell_writes_to_stderr(executed):
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", (cell.source, output.text)


def test_the_last_cell_says_that_nothing_is_attempted_yet(executed):
    last = [cell for cell in executed.cells if cell.cell_type == "code"][-1]
    board = last.outputs[0].data["text/plain"]
    exercises = [c for c in executed.cells if cells.role(c) == "grade"]
    assert board.count("not attempted") == len(exercises) > 0
    assert "Hidden tests, run by your instructor" in board
