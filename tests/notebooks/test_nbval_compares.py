"""nbval compares the committed outputs: a number that was changed on purpose makes it fail."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import cells

ROOT = Path(__file__).parents[2]


def run_nbval(notebook, folder):
    path = folder / "changed.ipynb"
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(folder), "-c", "/dev/null"]
    command += ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider", str(path)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def printed(cell):
    return [o for o in cell.get("outputs", []) if o.output_type == "stream" and o.name == "stdout"]


@pytest.fixture
def beginning():
    """Notebook 01 up to its first cell that prints a number and is no check."""
    notebook = nbformat.read(
        ROOT / "solutions/01-zero-insertion/01-zero-insertion.ipynb", as_version=4
    )
    for index, cell in enumerate(notebook.cells):
        text = printed(cell)[0].text if printed(cell) else ""
        if cells.role(cell) != "grade" and re.search(r"\d", text):
            notebook.cells = notebook.cells[: index + 1]
            return notebook
    raise AssertionError("no cell of notebook 01 prints a number")


def test_the_committed_outputs_pass(beginning, tmp_path):
    result = run_nbval(beginning, tmp_path)
    assert result.returncode == 0, result.stdout


def test_a_changed_number_fails(beginning, tmp_path):
    stream = printed(beginning.cells[-1])[0]
    stream.text = re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), stream.text, count=1)
    result = run_nbval(beginning, tmp_path)
    assert result.returncode == 1
    assert "1 failed" in result.stdout
