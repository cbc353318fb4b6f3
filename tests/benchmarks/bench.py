"""Times one class of honest submissions: stock nbgrader, this grader, and the floor.

`make bench` prints the seconds of every side and ends with both ratios. All sides grade the same
notebooks on the same machine, start-up included, one after the other.
"""

import argparse
import os
import tempfile
from pathlib import Path

from sides import copy_course, grade_at_the_floor, grade_here, grade_stock, honest_class


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=24, help="for each assignment")
    options = parser.parse_args()
    assignments = ["01-zero-insertion", "02-conv2dtranspose"]
    count = options.students * len(assignments)
    print(f"{count} submissions of {', '.join(assignments)} on {os.cpu_count()} cores", flush=True)
    ratios = {}
    with tempfile.TemporaryDirectory() as scratch:
        for needed in (False, True):
            title = "only the cells that a verdict needs" if needed else "whole notebooks"
            rooms = [
                copy_course(Path(scratch) / f"{side}-{needed}", assignments, needed)
                for side in ("here", "floor")
            ]
            for room in rooms:
                for assignment in assignments:
                    honest_class(room, assignment, options.students)
            here = grade_here(rooms[0], assignments)
            print(f"{title}: this grader, feedback included: {here:.1f} s", flush=True)
            floor = grade_at_the_floor(rooms[1], assignments)
            print(f"{title}: floor, feedback included: {floor:.1f} s", flush=True)
            stock, pages = grade_stock(rooms[0], assignments, Path(scratch) / f"stock-{needed}")
            print(f"{title}: nbgrader autograde: {stock:.1f} s", flush=True)
            print(f"{title}: nbgrader generate_feedback: {pages:.1f} s", flush=True)
            ratios[needed] = stock / here, here / floor, (stock + pages) / here
    print(
        "In the throughput ratio only this grader writes feedback pages; where stock nbgrader's are"
    )
    print(
        f"counted, too, it is {ratios[False][2]:.1f}, without skipped cells {ratios[True][2]:.1f}."
    )
    print(f"throughput ratio without skipped cells: {ratios[True][0]:.1f}")
    print(f"floor ratio without skipped cells: {ratios[True][1]:.2f}")
    print(f"throughput ratio: {ratios[False][0]:.1f}")
    print(f"floor ratio: {ratios[False][1]:.2f}")


if __name__ == "__main__":
    main()
