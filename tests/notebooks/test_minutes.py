"""The minutes that a notebook states: reading, its exercises' own minutes, and a quarter more."""

import re
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "solutions").glob("*.py"))
WORDS_IN_A_MINUTE = 200


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_notebook_takes_as_long_as_it_says(source):
    cells = jupytext.read(source).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    reading = len(re.findall(r"\w[\w'-]*", prose)) / WORDS_IN_A_MINUTE
    exercises = sum(int(n) for n in re.findall(r"points?, (\d+) minutes, difficulty", prose))
    [stated] = re.findall(r"\*\*Time\*\*: about (\d+) minutes", prose)
    assert int(stated) == pytest.approx(1.25 * (reading + exercises), rel=0.07)
    rows = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    [row] = [row for row in rows if row.startswith("|") and f"/{source.stem}.ipynb)" in row]
    assert f"| {stated} min |" in row
