"""Grades the demo class and the packed catalogue in several ways; every score must be the same.

`make verify`, or `python tests/benchmarks/verify.py ASSIGNMENT...` for some. All submissions are
graded by this grader, and once more with `--full`. The demo's honest ones and the packed right
answers are graded by stock nbgrader with its own executor, too: nothing protects that from the
others. With the trainings of all notebooks it takes an hour or more.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from sides import copy_course, grade_here, grade_stock, scores

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))
from packed import ASSIGNMENTS, catalogue, solution_sources, submit

from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.demo import create_class

# A warning on standard error costs points with stock nbgrader; the others break it.
NOT_FOR_STOCK = ("warns-will", "no-notebook-nils", "deleted-test-dana", "duplicated-test-dirk",
                 "endless-emil", "kernel-killer-kim", "wrong-")  # fmt: skip


def hand_in_catalogue(room: Classroom, assignment: str) -> None:
    """One composite submission for each row of right answers, and of wrong ones."""
    reference = solution_sources(assignment)
    for kind in ("right", "wrong"):
        columns: dict[str, list[str]] = {}
        for answer in catalogue(assignment):
            if answer.right == (kind == "right"):
                columns.setdefault(answer.function, []).append(answer.source)
        for row in range(max(map(len, columns.values()))):
            chosen = {f: sources[row] for f, sources in columns.items() if row < len(sources)}
            submit(assignment, room.folder, f"{kind}-{row:02}", {**reference, **chosen})


def compare(assignment: str, scratch: Path) -> int:
    """Grade in every way; print and count the differences."""
    found = {}
    for way, options in (("this grader", []), ("--full", ["--full"])):
        room = copy_course(scratch / way, [assignment], only_needed=False)
        shutil.copytree(Path(__file__).parents[1] / "catalogue", room.root / "tests/catalogue")
        create_class(room, NotebookRef(assignment))
        hand_in_catalogue(room, assignment)
        print(f"{assignment}, {way}: {grade_here(room, [assignment], *options):.0f} s", flush=True)
        found[way] = scores(room.folder / "gradebook.db")
    for folder in (room.folder / "submitted").iterdir():
        if folder.name.startswith(NOT_FOR_STOCK):
            shutil.rmtree(folder)
    seconds, _ = grade_stock(room, [assignment], scratch / "stock")
    print(f"{assignment}, stock nbgrader: {seconds:.0f} s", flush=True)
    found["stock"] = scores(scratch / "stock" / "gradebook.db")
    differences = 0
    for key, score in sorted(found["this grader"].items()):
        others = {way: given[key] for way, given in found.items() if key in given}
        if set(others.values()) != {score}:
            differences += 1
            print(*key, others)
    counted = {way: len(given) for way, given in found.items()}
    print(f"{assignment}: scores {counted}, {differences} differ", flush=True)
    return differences


def main() -> int:
    """Compare every assignment; the exit status is 1 if there is a difference."""
    differences = 0
    for assignment in sys.argv[1:] or ASSIGNMENTS:
        with tempfile.TemporaryDirectory() as scratch:
            differences += compare(assignment, Path(scratch))
    print(f"{differences} differences")
    return min(differences, 1)


if __name__ == "__main__":
    sys.exit(main())
