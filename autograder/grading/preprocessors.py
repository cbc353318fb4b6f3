"""The course's steps inside nbgrader: what `nbgrader_config.py` puts into its pipelines.

With them the stock `nbgrader autograde`, the formgrader's button and `autograder grade` sanitize
and execute alike, and feedback does not show the source of hidden tests.
"""

import re
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.course import Classroom
from autograder.grading.execution import Limits, execute
from autograder.grading.sanitize import sanitize
from autograder.grading.seeds import seed_of

_HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*$", re.M | re.S)


class Sanitize(NbGraderPreprocessor):
    """Rebuilds the submission against the instructor's copy."""

    def preprocess(
        self, notebook: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook to execute; notes go to nbgrader's log."""
        classroom, assignment, _ = _place(resources)
        instructor = nbformat.read(classroom.instructor_notebook(assignment), as_version=4)
        release = nbformat.read(classroom.release_notebook(assignment), as_version=4)
        notebook, notes = sanitize(notebook, instructor, release)
        for note in notes:
            self.log.warning("%s", note)
        return notebook, resources


class Execute(NbGraderPreprocessor):
    """Runs the notebook by `execution.execute`."""

    def preprocess(
        self, notebook: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with its outputs."""
        classroom, assignment, student = _place(resources)
        seed = seed_of(classroom, assignment, student)
        return execute(notebook, Limits(), seed, threads=2), resources


class HideTests(NbGraderPreprocessor):
    """Takes the source of hidden tests out of what a student gets to see."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Replace each hidden region by a comment."""
        if cell.cell_type == "code":
            cell.source = _HIDDEN.sub("# (hidden tests ran here)", cell.source)
        return cell, resources


def _place(resources: ResourcesDict) -> tuple[Classroom, str, str]:
    """Class, assignment and student of what nbgrader is converting."""
    details = resources["nbgrader"]
    gradebook = Path(details["db_url"].removeprefix("sqlite:///"))
    return Classroom.find(gradebook.parent), details["assignment"], details["student"]
