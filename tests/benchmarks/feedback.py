"""Writes the feedback pages of a class of 300, as stock nbgrader does and as this course does.

`python tests/benchmarks/feedback.py` takes the class of `report.py`. nbgrader's own command writes
all pages, with its own exporter and with ours, in turn; then again with ten figures in each
student's notebook. For both it prints CPU seconds and the largest page, and their ratio.
"""

import base64
import itertools
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from report import ASSIGNMENT, NOTEBOOK, ROOT, invent

from autograder import cells
from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.configuration import config_for

FIGURES = 10


def write_pages(room: Classroom, stock: bool) -> tuple[float, int]:
    """Write every page; CPU seconds, and the bytes of the largest page."""
    config = config_for(room, ASSIGNMENT)
    if stock:
        del config["GenerateFeedback"], config["HTMLExporter"]
    converter = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
    converter.force = True
    started = time.process_time()
    converter.start()
    seconds = time.process_time() - started
    pages = [*room.folder.glob(f"feedback/*/{ASSIGNMENT}/*.html")]
    assert len(pages) == len(room.students(ASSIGNMENT))
    return seconds, max(page.stat().st_size for page in pages)


def add_figures(room: Classroom) -> None:
    """Put figures of the course into cells that are nobody's answer."""
    executed = nbformat.read(room.instructor_notebook(NOTEBOOK), as_version=4)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    pictures = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    chosen = itertools.cycle(pictures)
    for student in room.students(ASSIGNMENT):
        path = room.autograded(student, NOTEBOOK)
        notebook = nbformat.read(path, as_version=4)
        own = [c for c in notebook.cells if c.cell_type == "code" and not cells.grade_id(c)]
        for cell in itertools.islice(itertools.cycle(own), FIGURES if own else 0):
            own_one = labelled(next(chosen), student)
            cell.outputs.append(new_output("display_data", {"image/png": own_one}))
        nbformat.write(notebook, path)


def labelled(picture: str, student: str) -> str:
    """A PNG as Base64 that says whose it is, so that no two students have the same."""
    data = base64.b64decode(picture)
    chunk = b"tEXtAuthor\0" + student.encode()
    chunk = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return base64.b64encode(data[:-12] + chunk + data[-12:]).decode()  # the last 12 bytes end it


def compare(room: Classroom, what: str) -> None:
    """Print one line for each way to write the pages."""
    (theirs, their_size), (ours, our_size) = (write_pages(room, stock) for stock in (True, False))
    print(f"{what}: nbgrader's page {theirs:.1f} CPU seconds, largest {their_size / 1e6:.2f} MB")
    print(f"{what}: our page        {ours:.1f} CPU seconds, largest {our_size / 1e6:.2f} MB")
    print(f"{what}: nbgrader's page takes {theirs / ours:.1f} times as long", flush=True)


def main() -> None:
    """Run the benchmark; a folder as argument keeps the class."""
    with tempfile.TemporaryDirectory() as scratch:
        room = Classroom(ROOT, Path(sys.argv[1] if len(sys.argv) > 1 else scratch).resolve())
        if not (room.folder / "gradebook.db").exists():
            invent(room, 300)
        compare(room, "300 pages")
        add_figures(room)
        compare(room, f"300 pages with {FIGURES} figures each")


if __name__ == "__main__":
    main()
