"""A tiny course of two exercises, whose grading needs no TensorFlow operation.

`double` is worth 3 points and `half` 2. Tests of grading and of hostile submissions share it.
"""

import contextlib
import copy
import shutil
import tarfile
import tempfile
from pathlib import Path

import nbformat
from jupyter_core.application import NoStart
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps.nbgraderapp import NbGraderApp

from autograder import cells
from autograder.authoring.release import release
from autograder.examiner.job import Limits
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.run.grade import Options, grade

ROOT = Path(__file__).parents[1]
TINY = "tiny"
NOTEBOOK = NotebookRef(TINY)
# A busy machine stops nobody: limits are tight only where they are the subject.
PATIENT = Limits(cell_seconds=60, submission_seconds=600)


def cell(source, name, **flags):
    details = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    return new_code_cell(
        source, id=name, metadata={"nbgrader": {**details, "grade_id": name, "schema_version": 3}}
    )


def solution(name, body):
    source = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {body}\n    ### END SOLUTION"
    return cell(source, name, solution=True)


def test_cell(name, visible, hidden, points):
    source = f"assert {visible}\n### BEGIN HIDDEN TESTS\nassert {hidden}, 'hidden: {name}'"
    source += "\n### END HIDDEN TESTS"
    return cell(source, f"test_{name}", grade=True, locked=True, points=points)


test_cell.__test__ = False


def make_course(root):
    """Write a course with one assignment of two exercises, released by nbgrader itself."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    folder = root / "solutions" / TINY
    folder.mkdir(parents=True)
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Tiny"),
            cell("import math", "setup", locked=True),
            solution("double", "2 * x"),
            test_cell("double", "double(1) == 2", "double(3) == 6", 3),
            new_code_cell("print('a demonstration')"),
            solution("half", "x / 2"),
            test_cell("half", "half(2) == 1", "half(math.pi) == math.pi / 2", 2),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}},
    )
    nbformat.write(notebook, folder / f"{TINY}.ipynb")
    nbgrader(root, "generate_assignment", TINY)
    shutil.rmtree(root / "classroom")


# Late work costs a point.
_ONE_POINT_OFF = """
from nbgrader.plugins import BasePlugin


class OnePointOff(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0


c.AssignLatePenalties.plugin_class = OnePointOff
"""


def read_first_edition(root):
    """Unpack the class that an earlier version graded, beside today's configuration."""
    with tarfile.open(ROOT / "tests/units/grading/first_edition.tar.xz") as archive:
        archive.extractall(root, filter="data")
    config = (ROOT / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(config + _ONE_POINT_OFF)
    return Classroom(root, root / "classroom")


def nbgrader(root, *arguments):
    """Run a command of nbgrader's as its program does, in this process: it has all the imports."""
    app = NbGraderApp()
    try:
        with contextlib.chdir(root), contextlib.suppress(NoStart):  # its subcommand started
            app.initialize([*arguments, "--log-level=WARN"])
            app.start()
    except SystemExit as ended:
        assert not ended.code, f"nbgrader {' '.join(arguments)} failed"
    finally:
        if app.subapp is not None:
            app.subapp.clear_instance()


def solved(released, **answers):
    notebook = copy.deepcopy(released)
    answers = {"double": "2 * x", "half": "x / 2", **answers}
    for c in notebook.cells:
        name = cells.grade_id(c)
        if name in answers:
            c.source = f"def {name}(x):\n    return {answers[name]}"
    return notebook


def index_of(notebook, name):
    return [cells.grade_id(c) for c in notebook.cells].index(name)


def hand_in(room, student, notebook, timestamp=None, **modules):
    folder = room.submitted(student, TINY)
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, bytes):
        (folder / f"{TINY}.ipynb").write_bytes(notebook)
    else:
        nbformat.write(notebook, folder / f"{TINY}.ipynb")
    for name, code in modules.items():
        (folder / f"{name}.py").write_text(code)
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


def grade_class(room, **options):
    outcomes = grade(room, TINY, Options(workers=2, **{"limits": PATIENT, **options}))
    return {outcome.student: outcome for outcome in outcomes}


def page(room, student):
    return room.feedback(student, NOTEBOOK).read_text()


def change(room, alter):
    """Change the instructor's notebook, and release it again; what students get now."""
    path = room.instructor_notebook(NOTEBOOK)
    notebook = nbformat.read(path, as_version=4)
    alter(notebook)
    nbformat.write(notebook, path)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(
            release(room.root, TINY, notebook, Path(scratch)),
            room.root / "notebooks" / TINY,
            dirs_exist_ok=True,
        )
    return nbformat.read(room.release_notebook(NOTEBOOK), as_version=4)


def mend(name, old, new):
    def alter(notebook):
        found = notebook.cells[index_of(notebook, name)]
        assert old in found.source
        found.source = found.source.replace(old, new)

    return alter


def other_double(notebook):
    """Another visible test, which the reference passes, too: 1 is 2.5 when doubled."""
    mend("test_double", "double(1) == 2", "double(1) == 2.5")(notebook)
    mend("double", "return 2 * x", "return 2 * x + (x == 1) / 2")(notebook)


def add_third(notebook):
    notebook.cells += [solution("third", "x / 3"), test_cell("third", "third(3) == 1", "True", 4)]
