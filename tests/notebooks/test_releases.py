"""What a student meets who opens a fresh release and runs every cell."""

from pathlib import Path

import nbclient
import nbformat
import pytest

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
    client.execute()
    return notebook


def errors_of(cell):
    return [o for o in cell.get("outputs", []) if o.output_type == "error"]


def test_every_source_has_a_release():
    assert [p.stem for p in RELEASES] == sorted(p.stem for p in ROOT.glob("solutions/*.py"))


def test_only_exercises_that_are_not_attempted_fail(executed):
    for cell in executed.cells:
        names = [error.ename for error in errors_of(cell)]
        assert names == (["NotAttempted"] if cells.role(cell) == "grade" else []), cell.source


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
