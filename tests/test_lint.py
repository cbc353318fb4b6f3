"""The code keeps the rules of `make lint`: style, format, imports and types."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_make_lint_finds_nothing():
    command = ["make", "--no-print-directory", "--old-file=.venv/.installed", "lint"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
