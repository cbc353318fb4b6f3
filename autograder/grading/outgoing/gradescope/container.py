"""Grades one submission inside Gradescope's container; `run_autograder` starts it.

The container is the sandbox: it holds one submission. Students' code runs in processes of another
user, who can read neither the solutions nor write the results. `export` packs all this.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from autograder.examiner.engine import shared_engine
from autograder.files import write_whole
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.origins import safe_id
from autograder.grading.outgoing.grades import grades
from autograder.grading.outgoing.gradescope.export import VISIBILITIES, results
from autograder.grading.run.grade import Options, grade
from autograder.grading.submission.beside import Beside
from autograder.grading.submission.intake import Unreadable, read_submission


def main() -> None:
    """Write results/results.json, whatever the submission is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("assignment")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--visibility", choices=VISIBILITIES, required=True)
    parser.add_argument("--user", default="")
    asked = parser.parse_args()
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            course = asked.root / "source" / "course"
            shutil.copytree(course / "classroom", scratch, dirs_exist_ok=True)
            classroom = Classroom(course, Path(scratch), tests=course / "private-tests")
            found = _graded(classroom, asked)
    except _NothingToGrade as reason:
        found = {"score": 0, "output": str(reason)}
    except Exception:
        traceback.print_exc()  # for the instructor, who sees what the autograder prints
        words = "The autograder failed; this is not your fault. Tell your instructor."
        found = {"score": 0, "output": words}
    found["execution_time"] = round(time.monotonic() - started)
    write_whole(asked.root / "results" / "results.json", json.dumps(found, indent=1).encode())
    sys.stdout.flush()


class _NothingToGrade(Exception):
    """There is not a notebook, or none that can be read; the message tells the student."""


def _graded(classroom: Classroom, asked: argparse.Namespace) -> dict:
    student = _student(asked.root / "submission_metadata.json")
    submission = asked.root / "submission"
    lines = collect(classroom, submission, asked.assignment, student=student)
    if not classroom.students(asked.assignment):
        found = "; ".join(f"{line.file} {line.note}" for line in lines[:10]) or "nothing"
        raise _NothingToGrade(f"Hand in {asked.assignment}.ipynb. There was: {found}.")
    try:
        read_submission(classroom.submitted_notebook(student, NotebookRef(asked.assignment)))
    except Unreadable as reason:
        raise _NothingToGrade(f"It could not be graded. {reason}") from reason
    shared_engine("process", asked.user)
    options = Options((student,), workers=1, seed=asked.seed, isolation="process")
    grade(classroom, asked.assignment, options)
    (one,) = grades(classroom, asked.assignment)
    found = results(classroom, asked.assignment, one, asked.visibility)
    unused = {line.file: line.note for line in lines if line.status != "new"}
    found["output"] = "\n".join(filter(None, [found["output"], *Beside(unused=unused).notes()]))
    return found


def _student(metadata: Path) -> str:
    """An id from the submitters' addresses; the feedback does not depend on it."""
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        return safe_id("+".join(user["email"] for user in users)) or "student"
    except (OSError, ValueError, LookupError, TypeError):
        return "student"


if __name__ == "__main__":
    main()
