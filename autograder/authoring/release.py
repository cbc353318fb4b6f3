"""Makes the student release with nbgrader's GenerateAssignment and the course's configuration.

`build` and `drift` call it in a scratch folder; `nbgrader generate_assignment` gives the same
bytes. No gradebook is opened.
"""

import logging
import shutil
from logging.handlers import BufferingHandler
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.sources import AuthoringError, Problem


def release(root: Path, assignment: str, notebook: NotebookNode, scratch: Path) -> Path:
    """Release a solution notebook and what lies beside it in solutions/<assignment>/.

    Args:
        root: The course root, whose nbgrader_config.py counts.
        assignment: The assignment's id.
        notebook: The solution notebook, executed or not.
        scratch: An empty folder to work in.

    Returns:
        The folder inside `scratch` that students would receive.

    Raises:
        AuthoringError: nbgrader refuses; the message says why.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    folder = scratch / "solutions" / assignment
    copy_beside(root, assignment, folder)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.Examiner.pop("tests", None)  # an instructor's own tests are not part of the course
    config.CourseDirectory.root = str(scratch)
    config.CourseDirectory.assignment_id = assignment
    config.SaveCells.enabled = False
    course = CourseDirectory(config=config)
    converter = GenerateAssignment(coursedir=course, config=config, no_database=True)
    complaints = BufferingHandler(1000)
    complaints.setLevel(logging.ERROR)
    converter.log.addHandler(complaints)
    try:
        converter.start()
    except NbGraderException as error:
        reason = "\n".join(entry.getMessage() for entry in complaints.buffer) or str(error)
        problem = Problem(f"solutions/{assignment}.py", "", f"nbgrader refuses it:\n{reason}")
        raise AuthoringError(problem) from error
    finally:
        converter.log.removeHandler(complaints)
    return scratch / course.release_directory / assignment


def copy_beside(root: Path, assignment: str, folder: Path) -> None:
    """Copy solutions/<assignment>/ to `folder`, without notebooks; an empty folder if it is new."""
    beside = root / "solutions" / assignment
    if beside.exists():
        skip = shutil.ignore_patterns("*.ipynb", ".ipynb_checkpoints", "__pycache__")
        shutil.copytree(beside, folder, ignore=skip)
    else:
        folder.mkdir(parents=True)
