"""Grades honest submissions on a machine that is busy with something else: no point may be lost.

`make steady` runs it; it exits with status 1 if a verdict depends on the machine. One of the demo's
students who deserve 40 points in 03, 05 and 06 is graded beside eight busy programs, then on one
core; five more answer an exercise of 01 with an endless loop, or sleep, and must be stopped. The
assignments are graded at the same time, each in a classroom of its own.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from sides import COURSE

from autograder.grading import demo
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.outgoing.grades import grades

SLOW, ANSWER = "01-zero-insertion", "stamp"  # no other exercise calls it
ASSIGNMENTS = [SLOW, "03-segmentation-decoder", "05-super-resolution", "06-image-generation"]
HONEST = ("warns-will",)
ENDLESS = {
    "loops": "while True: pass",
    "sleeps": "import time; time.sleep(10**6)",
    "waits": "import threading; threading.Event().wait()",
    "reads": "import os; os.read(os.pipe()[0], 1)",
    "forks": "import os\n    while True: os.fork() or os._exit(0)",
}
LOOPS = 8


def main() -> None:
    """Grade the class in both ways and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS)
    assignments = parser.parse_args().assignments
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        rooms = {a: Classroom(COURSE.root, Path(scratch) / a) for a in assignments}
        for assignment, room in rooms.items():
            hand_in(room, NotebookRef(assignment))
        for where in ("busy", "one core"):
            started = time.monotonic()
            before = [] if where == "busy" else ["taskset", "-c", "0"]
            with (
                busy() if where == "busy" else contextlib.nullcontext(),
                ThreadPoolExecutor(len(rooms)) as together,
            ):
                list(together.map(partial(grade, before), rooms.values(), rooms))
            print(f"{where}: {time.monotonic() - started:.0f} s", flush=True)
            for assignment, room in rooms.items():
                wrong += look(room, assignment, where)
    print("\n".join(wrong) or "All verdicts are as they must be.")
    sys.exit(bool(wrong))


def hand_in(room: Classroom, ref: NotebookRef) -> None:
    """The demo's honest students; in `SLOW` those who never end."""
    demo.create_class(room, ref)
    for folder in (room.folder / "submitted").iterdir():
        if folder.name not in HONEST and folder.name not in ENDLESS:
            shutil.rmtree(folder)
    if ref.assignment != SLOW:
        return
    release = nbformat.read(room.release_notebook(ref), as_version=4)
    answers = demo.reference(room, ref)
    for student, code in ENDLESS.items():
        definition = f"def {ANSWER}(*arguments):\n    {code}"
        notebook = demo.fill(nbformat.from_dict(release), {**answers, ANSWER: definition})
        room.submitted(student, ref.assignment).mkdir(parents=True)
        nbformat.write(notebook, room.submitted_notebook(student, ref))


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Programs that keep all cores busy, each in a session of its own, as other users' are."""
    command = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(command, start_new_session=True) for _ in range(LOOPS)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def grade(before: list[str], room: Classroom, assignment: str) -> None:
    """Grade with the default limits, two submissions at a time."""
    command = [*before, sys.executable, "-m", "autograder.cli", "grade", assignment]
    done = subprocess.run(
        [*command, "--force", "--workers", "2", "--classroom", str(room.folder)],
        cwd=room.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def look(room: Classroom, assignment: str, where: str) -> list[str]:
    """What is not as it must be: the honest have everything, the endless one exercise less."""
    wrong = []
    for one in grades(room, assignment):
        lost = [e.name for e in one.exercises if e.score < e.max_score]
        if lost != ([ANSWER] if one.student in ENDLESS else []):
            wrong.append(f"{where}: {assignment}: {one.student} lost {lost or 'nothing'}")
    return wrong


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
