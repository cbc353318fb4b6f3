"""Runs the notebook of one assignment and prints its seconds; any cell that raises ends it.

`versions.py` calls it with the Python of a throw-away environment. nbval is of no use here: under
other versions numbers may differ in the last digits, so outputs cannot be compared, and without
that comparison nbval lets a grade cell raise, because of its tag.
"""

import sys
import tempfile
import time
from pathlib import Path

from autograder.authoring.build import execute
from autograder.authoring.release import copy_beside
from autograder.authoring.sources import AuthoringError, read

ROOT = Path(__file__).parents[2]


def main(assignment: str) -> None:
    """Execute every cell: all visible checks and hidden tests must pass."""
    source = read(ROOT, assignment)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / assignment
        copy_beside(ROOT, assignment, folder)
        started = time.monotonic()
        execute(source, folder, lambda line: None)
    print(time.monotonic() - started)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except AuthoringError as error:
        sys.exit(str(error))
