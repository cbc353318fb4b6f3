"""nbval compares the committed outputs: a number that was changed on purpose makes it fail.

The notebook here is a line long; the course's own are run by nbval as part of this suite.
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("printed", "verdict"), [("42", "1 passed"), ("43", "1 failed")])
def test_a_committed_number_must_be_what_the_cell_prints(tmp_path, printed, verdict):
    output = new_output("stream", text=f"{printed}\n")
    cell = new_code_cell("print(6 * 7)", execution_count=1, outputs=[output])
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "tiny.ipynb")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml"]
    command += ["--rootdir", tmp_path, "-p", "no:cacheprovider", "tiny.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert verdict in done.stdout, done.stdout + done.stderr
