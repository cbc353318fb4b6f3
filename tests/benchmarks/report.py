"""Writes the report and the similar answers of a class of 300: in what time, and how large?

`python tests/benchmarks/report.py` grades the catalogue of 01-zero-insertion once, mixes 300
submissions from its answers, records each as `autograder grade` does, and times both commands.
"""

import copy
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))
from packed import ROOT, catalogue, solution_sources

from autograder import cells
from autograder.examiner.engine import shared_engine
from autograder.examiner.job import Limits
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.store import record, register
from autograder.grading.submission.execution import execute
from autograder.grading.submission.sanitize import sanitize

ASSIGNMENT = "01-zero-insertion"
NOTEBOOK = NotebookRef(ASSIGNMENT)


def graded_answers(room: Classroom) -> dict[str, dict[str, list]]:
    """Each exercise's cells (answer, test) as grading leaves them, by "right", "wrong", "blank"."""
    instructor = nbformat.read(room.instructor_notebook(NOTEBOOK), as_version=4)
    release = nbformat.read(room.release_notebook(NOTEBOOK), as_version=4)
    columns = {name: [("right", text)] for name, text in solution_sources(ASSIGNMENT).items()}
    for answer in catalogue(ASSIGNMENT):
        kind = "right" if answer.right else "wrong"
        columns[answer.function].append((kind, answer.source))
    found = {name: {"right": [], "wrong": [], "blank": []} for name in columns}
    for row in range(max(map(len, columns.values())) + 1):
        submitted = copy.deepcopy(release)
        kinds = {}
        for cell in submitted.cells:
            name = cells.grade_id(cell)
            if name in columns and row < len(columns[name]):
                kinds[name], cell.source = columns[name][row]
        notebook, _ = sanitize(submitted, instructor, release)
        execute(notebook, shared_engine(), Limits(), seed=1)
        graded = cells.by_id(notebook.cells)
        for name in columns:
            found[name][kinds.get(name, "blank")].append((graded[name], graded[f"test_{name}"]))
    return found


def invent(room: Classroom, students: int) -> None:
    """Record a class whose students differ in what they can and in where they stop."""
    answers = graded_answers(room)
    instructor = nbformat.read(room.instructor_notebook(NOTEBOOK), as_version=4)
    release = nbformat.read(room.release_notebook(NOTEBOOK), as_version=4)
    blank, _ = sanitize(release, instructor, release)
    register(room, ASSIGNMENT)
    chance = random.Random(1)
    for number in range(students):
        skill, end = chance.betavariate(4, 2), chance.choice([*range(len(answers)), *[99] * 30])
        chosen = {}
        for place, (name, kinds) in enumerate(answers.items()):
            kind = "blank" if place >= end else "right" if chance.random() < skill else "wrong"
            chosen[name], chosen[f"test_{name}"] = chance.choice(kinds[kind])
        notebook = copy.deepcopy(blank)
        for cell in notebook.cells:
            name = cells.grade_id(cell)
            if name in chosen:
                cell.source = chosen[name].source
                cell.outputs = copy.deepcopy(chosen[name].outputs)
        graded = chance.random() > 0.02
        notes = [] if graded else ["It is not a notebook: it is not JSON text."]
        seconds = round(chance.lognormvariate(0, 0.5), 3)
        notebook.metadata.autograder = {"graded": graded, "notes": notes, "seconds": seconds}
        student = f"student-{number:03}"
        room.submitted(student, ASSIGNMENT).mkdir(parents=True)
        late = chance.random() < 0.05
        stamp = f"2026-10-0{2 if late else 1} 10:00:00 UTC"
        (room.submitted(student, ASSIGNMENT) / "timestamp.txt").write_text(stamp)
        record(room, NOTEBOOK, student, notebook, graded, None)
    with open_gradebook(room) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-10-01 12:00:00 UTC")


def main() -> None:
    """Run the benchmark; a folder as argument keeps the class."""
    with tempfile.TemporaryDirectory() as scratch:
        room = Classroom(ROOT, Path(sys.argv[1] if len(sys.argv) > 1 else scratch).resolve())
        if not (room.folder / "gradebook.db").exists():
            invent(room, 300)
        for command, suffix in [("report", ".html"), ("similar", "-similar.html")]:
            call = [sys.executable, "-m", "autograder.cli", command, ASSIGNMENT]
            started = time.monotonic()
            subprocess.run(
                [*call, "--classroom", room.folder], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
            )
            seconds = time.monotonic() - started
            size = (room.folder / "reports" / f"{ASSIGNMENT}{suffix}").stat().st_size
            print(f"{command} of 300: {seconds:.1f} s, {size / 1e6:.2f} MB", flush=True)


if __name__ == "__main__":
    main()
