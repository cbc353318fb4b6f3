"""The exporter of feedback pages; `nbgrader_config.py` gives it to nbgrader.

A page is one file that works without a network and without scripts, and it is the same whether
`autograder grade` or `nbgrader generate_feedback` writes it; `feedback` makes it.
"""

import contextlib
import copy
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets import List, Unicode, default

from autograder import cells
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.configuration import (
    FeedbackOptions,
    config_for,
    feedback_options,
)
from autograder.grading.gradebook.editions import edition
from autograder.grading.gradebook.feedback.page import render
from autograder.grading.gradebook.feedback.standing import standing
from autograder.grading.gradebook.pipeline import convert
from autograder.grading.gradebook.steps import place_of

_SECONDS = 30  # of CPU time for one page; the slowest of the course's takes a hundredth of it
_MEMORY = 2**30  # bytes that a process may take for pages, beyond what it has at its start


class FeedbackPage(Exporter):
    """One student's page."""

    default_preprocessors = List([]).tag(config=True)
    solutions = Unicode(
        FeedbackOptions.solutions, help="Show reference solutions: never, or after due."
    ).tag(config=True)
    hidden_values = Unicode(
        FeedbackOptions.hidden_values,
        help="Show what hidden tests call and expect: always, after due, or never.",
    ).tag(config=True)

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render a graded notebook.

        Raises:
            GradingError: An option has another value than those that there are.
        """
        try:
            with _bounded():
                return self._page(nb, resources, **kw)
        except GradingError:
            raise
        except (Exception, _TookTooLong):  # whatever a student's text makes of the renderers
            return self._page(_plain(nb), resources, **kw)

    def _page(self, nb: NotebookNode, resources: Any, **kw: Any) -> tuple[str, dict[str, Any]]:
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        options = feedback_options(self.config)
        classroom, ref, student = place_of(self, resources)
        found = standing(resources["nbgrader"]["db_url"], ref.assignment, ref.notebook, student)
        over = found.is_over(datetime.now(UTC))
        allowed = {"always": True, "after due": over, "never": False}
        solutions = _solutions(classroom, ref) if allowed[options.solutions] else {}
        return render(nb, found, solutions, allowed[options.hidden_values]), resources


class _TookTooLong(BaseException):
    """A page took more time than any page needs; no renderer can catch it by mistake."""


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Bound the CPU time of what runs inside, where signals can be had: in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: object) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _plain(notebook: NotebookNode) -> NotebookNode:
    """The same notebook without what a student wrote as text, displayed or attached."""
    plain = copy.deepcopy(notebook)
    for cell in plain.cells:
        if cell.cell_type == "markdown" and not cells.is_locked(cell):
            cell.source = "(This text could not be shown.)"
        cell.pop("attachments", None)
        if "autograder" in cell.metadata:
            cell.metadata.autograder.pop("finding", None)  # its error says the same as text
        if cell.cell_type == "code":
            texts = ("stream", "error")
            cell.outputs = [o for o in cell.get("outputs", []) if o.output_type in texts]
    return plain


def _solutions(classroom: Classroom, ref: NotebookRef) -> dict[str, str]:
    """The reference solutions of the class's edition, without nbgrader's markers."""
    instructor = edition(classroom, ref).instructor
    return {
        cells.grade_id(cell): "\n".join(
            line for line in cell.source.split("\n") if not _is_marker(line)
        )
        for cell in instructor.cells
        if cells.role(cell) == "solution"
    }


def _is_marker(line: str) -> bool:
    return line.strip() in ("### BEGIN SOLUTION", "### END SOLUTION")


def write_feedback(classroom: Classroom, ref: NotebookRef, student: str) -> None:
    """Make a student's feedback page with nbgrader."""
    config = config_for(classroom, ref.assignment, student)
    converter = _OnePage(coursedir=CourseDirectory(config=config), config=config)
    converter.graded = classroom.autograded(student, ref)
    converter.force = True
    convert(converter, f"No feedback page for {student}")


def end_with(process: int) -> None:
    """Have this process, which writes pages, end as soon as the one that grades has ended.

    Its memory is bounded; a page that needs more is written without what the student displayed.
    """
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def watch() -> None:
        while Path(f"/proc/{process}").exists():
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _OnePage(GenerateFeedback):
    """nbgrader's converter for one notebook; it would take a student's id for a file pattern."""

    graded: Path

    def init_notebooks(self) -> None:
        """Say which notebook it is, instead of looking for it."""
        self.notebooks = []
        self.assignments = {str(self.graded.parent): [str(self.graded)]}
