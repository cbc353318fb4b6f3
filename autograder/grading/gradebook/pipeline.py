"""Runs nbgrader's converters and, in `autograder grade`, the steps of `nbgrader autograde`.

nbgrader_config.py lists the steps. Those before Execute run when a submission is read
(`before_execution`), those after it when it is recorded (`after_execution`); in between, what the
examiner returns takes the place of Execute.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import AssignLatePenalties, OverwriteCells, SaveAutoGrades
from traitlets.config import Config, Configurable
from traitlets.utils.importstring import import_item

from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import config_for
from autograder.grading.gradebook.steps import Execute, Harmless
from autograder.grading.submission.releases import Release

Step = Callable[[NotebookNode, ResourcesDict], tuple[NotebookNode, ResourcesDict]]


def before_execution(
    classroom: Classroom, ref: NotebookRef, student: str, notebook: NotebookNode, release: Release
) -> tuple[NotebookNode, list[str]]:
    """The notebook to execute, and notes on what had to be fixed.

    Args:
        classroom: The class.
        ref: Which notebook.
        student: Whose submission it is.
        notebook: The student's cells, as `intake.read_submission` gives them.
        release: The one that the submission was made from.
    """
    config, resources = _start(classroom, ref, student)
    resources["autograder"] = {"release": release}
    for step in _steps(config)[0]:
        if not isinstance(step, OverwriteCells):  # Sanitize took the release's cells
            notebook, resources = step(notebook, resources)
    return notebook, resources["autograder"].get("notes", [])


def after_execution(
    classroom: Classroom,
    ref: NotebookRef,
    student: str,
    notebook: NotebookNode,
    graded: bool,
    by_hand: list[str] | None,
) -> NotebookNode:
    """Put an executed notebook's grades into the gradebook; the notebook to keep is returned.

    Args:
        classroom: The class.
        ref: Which notebook.
        student: Whose submission it is.
        notebook: Executed, or the page that says why nothing could be executed.
        graded: Whether it was executed; if not, only what a page needs is run.
        by_hand: As in `store.record`.
    """
    config, resources = _start(classroom, ref, student)
    for step in _steps(config)[1]:
        if not graded and not isinstance(step, Harmless | AssignLatePenalties):
            continue
        if by_hand is not None and isinstance(step, OverwriteCells):
            continue  # its cells are those of its own release
        notebook, resources = step(notebook, resources)
        if by_hand and isinstance(step, SaveAutoGrades):
            _leave_to_people(resources["nbgrader"], by_hand)
    return notebook


def convert(converter: BaseConverter, failed: str) -> None:
    """Run one of nbgrader's converters.

    Raises:
        GradingError: It fails; the message is `failed` and what nbgrader logged.
    """
    with _errors() as lines:
        try:
            converter.start()
        except Exception as error:
            raise GradingError(f"{failed}: {' '.join(lines) or error}") from error


def _start(classroom: Classroom, ref: NotebookRef, student: str) -> tuple[Config, ResourcesDict]:
    """The configuration, and the resources that nbgrader's converters give to each step."""
    config = config_for(classroom, ref.assignment, student)
    names = {"assignment": ref.assignment, "notebook": ref.notebook, "student": student}
    details = {**names, "db_url": config.CourseDirectory.db_url}
    return config, ResourcesDict(unique_key=ref.notebook, nbgrader=details)


def _steps(config: Config) -> tuple[list[Step], list[Step]]:
    """The configured steps before and after Execute.

    Raises:
        GradingError: Execute is not among them.
    """
    listed = Autograde(config=config)
    steps = [*listed.sanitize_preprocessors, *listed.autograde_preprocessors]
    steps = [import_item(step) if isinstance(step, str) else step for step in steps]
    executes = [isinstance(s, type) and issubclass(s, Execute | ExecutePreprocessor) for s in steps]
    if True not in executes:
        raise GradingError("nbgrader_config.py: c.Autograde.autograde_preprocessors lacks Execute.")
    place = executes.index(True)
    return _made(steps[:place], config), _made(steps[place + 1 :], config)


def _made(steps: list[Any], config: Config) -> list[Step]:
    """Steps as nbconvert makes them: from classes, or anything that can be called."""
    made = []
    for step in steps:
        if isinstance(step, type):
            step = step(config=config) if issubclass(step, Configurable) else step()
        made.append(step)
    return made


def _leave_to_people(details: dict[str, str], exercises: list[str]) -> None:
    place = details["notebook"], details["assignment"], details["student"]
    with Gradebook(details["db_url"]) as gradebook:
        for name in exercises:
            grade = gradebook.find_grade(name, *place)
            grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()


@contextlib.contextmanager
def _errors() -> Iterator[list[str]]:
    """Collect what nbgrader logs as errors instead of showing it."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, entry: logging.LogRecord) -> None:
            lines.append(entry.getMessage())

    log = logging.getLogger("traitlets")
    handler, propagate = Collector(logging.ERROR), log.propagate
    log.addHandler(handler)
    log.propagate = False
    try:
        yield lines
    finally:
        log.removeHandler(handler)
        log.propagate = propagate
