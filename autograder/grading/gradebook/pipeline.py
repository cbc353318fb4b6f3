"""Runs nbgrader's converters and, in `autograder grade`, the steps of `nbgrader autograde`.

nbgrader_config.py lists the steps. Those before Execute run when a submission is read, those after
it when it is recorded; in between, what the examiner returns takes the place of Execute.
"""

import logging
from logging.handlers import BufferingHandler
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import AssignLatePenalties, OverwriteCells, SaveAutoGrades
from traitlets.utils.importstring import import_item

from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for
from autograder.grading.gradebook.steps import Execute, Harmless
from autograder.grading.submission.releases import Release


class Pipeline:
    """The steps for one submission.

    Raises:
        GradingError: Execute is not among the configured steps.
    """

    def __init__(self, classroom: Classroom, ref: NotebookRef, student: str) -> None:
        config = config_for(classroom, ref.assignment, student)
        names = {"assignment": ref.assignment, "notebook": ref.notebook, "student": student}
        details = {**names, "db_url": config.CourseDirectory.db_url}
        self._resources = ResourcesDict(unique_key=ref.notebook, nbgrader=details)
        autograde = Autograde(config=config)
        steps: list[Any] = []
        for step in (*autograde.sanitize_preprocessors, *autograde.autograde_preprocessors):
            step = import_item(step) if isinstance(step, str) else step
            steps.append(step(config=config) if isinstance(step, type) else step)
        executes = [isinstance(step, Execute | ExecutePreprocessor) for step in steps]
        if True not in executes:
            reason = "c.Autograde.autograde_preprocessors lacks Execute"
            raise GradingError(f"nbgrader_config.py: {reason}.")
        place = executes.index(True)
        self._first, self._then = steps[:place], steps[place + 1 :]

    def prepare(self, notebook: NotebookNode, release: Release) -> tuple[NotebookNode, list[str]]:
        """The notebook to execute, and notes on what had to be fixed.

        Args:
            notebook: The student's cells, as `intake.read_submission` gives them.
            release: The one that the submission was made from.
        """
        self._resources["autograder"] = {"release": release}
        for step in self._first:
            if not isinstance(step, OverwriteCells):  # Sanitize took the release's cells
                notebook, self._resources = step(notebook, self._resources)
        return notebook, self._resources["autograder"].get("notes", [])

    def record(
        self, notebook: NotebookNode, graded: bool, by_hand: list[str] | None
    ) -> NotebookNode:
        """Put grades and penalty into the gradebook; the notebook to keep is returned.

        Args:
            notebook: Executed, or the page that says why nothing could be executed.
            graded: Whether it was executed; if not, only what such a page needs is run.
            by_hand: As `store.record` takes it.
        """
        for step in self._then:
            if not graded and not isinstance(step, Harmless | AssignLatePenalties):
                continue
            if by_hand is not None and isinstance(step, OverwriteCells):
                continue  # its cells are those of its own release
            notebook, self._resources = step(notebook, self._resources)
            if by_hand and isinstance(step, SaveAutoGrades):
                self._leave_to_people(by_hand)
        return notebook

    def _leave_to_people(self, exercises: list[str]) -> None:
        details = self._resources["nbgrader"]
        with Gradebook(details["db_url"]) as gradebook:
            for name in exercises:
                place = details["notebook"], details["assignment"], details["student"]
                grade = gradebook.find_grade(name, *place)
                grade.auto_score, grade.needs_manual_grade = None, True  # pyright: ignore[reportAttributeAccessIssue] - nbgrader's columns
            gradebook.db.commit()


def convert(converter: BaseConverter, failed: str) -> None:
    """Run one of nbgrader's converters.

    Raises:
        GradingError: It fails; the message is `failed` and what nbgrader logged.
    """
    log, errors = logging.getLogger("traitlets"), BufferingHandler(1000)
    errors.setLevel(logging.ERROR)
    propagate, log.propagate = log.propagate, False
    log.addHandler(errors)
    try:
        converter.start()
    except Exception as error:
        said = " ".join(entry.getMessage() for entry in errors.buffer)
        raise GradingError(f"{failed}: {said or error}") from error
    finally:
        log.removeHandler(errors)
        log.propagate = propagate
