"""Grades 100 and 1,000 small submissions: does the time for each stay, does memory stay flat?

`make many` prints, for both classes, the time for each submission and the largest resident memory
of the coordinating process, and ends with the ratios of the two.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1]))
from tiny import TINY, hand_in, make_course, solved

from autograder.grading.classroom import Classroom


def measure(root: Path, students: int) -> tuple[float, int]:
    """Grade a class of so many; seconds for each submission, and peak memory in bytes."""
    released = nbformat.read(root / "notebooks" / TINY / f"{TINY}.ipynb", as_version=4)
    room = Classroom(root, root / f"class-of-{students}")
    for number in range(students):
        answers = [{}, {"double": "x + 1"}, {"half": "0"}][number % 3]
        hand_in(room, f"student-{number:04}", solved(released, **answers))
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--classroom", room.folder]
    started, peak = time.monotonic(), 0
    run = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL)
    while run.poll() is None:
        peak = max(peak, _peak(run.pid))
        time.sleep(0.2)
    if run.returncode:
        sys.exit(f"grading {students} submissions failed")
    return (time.monotonic() - started) / students, peak


def _peak(process: int) -> int:
    """The largest resident memory that a process has had, in bytes; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Run the benchmark."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        make_course(Path(scratch))
        for students in (100, 1000):
            seconds, peak = found[students] = measure(Path(scratch), students)
            print(
                f"{students} submissions: {seconds:.3f} s each, coordinator {peak / 2**20:.0f} MB",
                flush=True,
            )
    print(f"memory ratio: {found[1000][1] / found[100][1]:.2f}")
    print(f"time ratio: {found[1000][0] / found[100][0]:.2f}")


if __name__ == "__main__":
    main()
