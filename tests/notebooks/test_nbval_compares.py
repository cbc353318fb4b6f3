"""nbval compares the committed outputs: a number that was changed on purpose makes it fail.

The notebook here is a line long; the course's own are run by nbval as part of this suite.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_committed_number_must_be_what_the_cell_prints(tmp_path):
    for name, printed in (("honest", 42), ("changed", 43)):
        output = new_output("stream", text=f"{printed}\n")
        cell = new_code_cell("print(6 * 7)", execution_count=1, outputs=[output])
        nbformat.write(new_notebook(cells=[cell]), tmp_path / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml"]
    command += ["--rootdir", tmp_path, "-p", "no:cacheprovider", "honest.ipynb", "changed.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "FAILED changed.ipynb::Cell 0" in done.stdout, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout


@pytest.mark.slow
def test_of_a_measured_cell_words_are_compared_and_numbers_within_a_margin(tmp_path):
    outputs = {
        "close": "error 0.0011, IoU 0.89\n",
        "far": "error 0.0011, IoU 0.60\n",
        "words": "loss 0.0011, IoU 0.89\n",
        "more": "error 0.0011, IoU 0.89 0.89\n",
    }
    for name, text in outputs.items():
        output = new_output("stream", text=text)
        cell = new_code_cell("print('error 0.0010, IoU 0.85')", execution_count=1, outputs=[output])
        cell.metadata["tags"] = ["measured"]
        nbformat.write(new_notebook(cells=[cell]), tmp_path / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml"]
    command += ["--rootdir", tmp_path, "-p", "measured", "-p", "no:cacheprovider"]
    command += [f"{name}.ipynb" for name in outputs]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    for name in ("far", "words", "more"):
        assert f"FAILED {name}.ipynb::Cell 0" in done.stdout, done.stdout + done.stderr
    assert "3 failed, 1 passed" in done.stdout
