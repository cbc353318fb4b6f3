"""Grades honest submissions in three ways; every score must be the same.

`make verify`: this grader, this grader with `--full`, and stock nbgrader with its own executor. The
submissions are the ones of `make bench` and the catalogue's right answers.
"""

import sys
import tempfile
from pathlib import Path

from sides import copy_course, grade_here, grade_stock, honest_class, scores


def main() -> int:
    """Print every difference; the exit status is 1 if there is one."""
    assignments = ["01-zero-insertion", "02-conv2dtranspose"]
    with tempfile.TemporaryDirectory() as scratch:
        found = {}
        for way, options in (("this grader", []), ("--full", ["--full"])):
            room = copy_course(Path(scratch) / way, assignments, only_needed=False)
            for assignment in assignments:
                honest_class(room, assignment, 8)
            print(f"{way}: {grade_here(room, assignments, *options):.0f} s", flush=True)
            found[way] = scores(room.gradebook)
        stock = Path(scratch) / "stock"
        seconds, _ = grade_stock(room, assignments, stock)
        print(f"stock nbgrader: {seconds:.0f} s", flush=True)
        found["stock"] = scores(stock / "gradebook.db")
    differences = 0
    for key, score in sorted(found["this grader"].items()):
        others = {way: given.get(key) for way, given in found.items()}
        if set(others.values()) != {score}:
            differences += 1
            print(*key, others)
    print(f"{len(found['this grader'])} scores compared, {differences} differ")
    return min(differences, 1)


if __name__ == "__main__":
    sys.exit(main())
