"""Lists nbgrader's pipelines with the course's own steps in them; `nbgrader_config.py` uses it.

With them `nbgrader autograde`, the formgrader's button and `autograder grade`, which runs the same
lists through `pipeline`, sanitize and execute alike, and feedback does not show the source of
hidden tests. The lists stand at the end.
"""

import copy
import functools
import html
import re
from pathlib import Path

import nbformat
from bleach.sanitizer import ALLOWED_TAGS
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from nbgrader import preprocessors as nbgrader_steps
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Any, Bool, List, Unicode
from traitlets.config import Configurable

from autograder import cells
from autograder.examiner.engine import shared_engine
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.configuration import limits, tests_of
from autograder.grading.gradebook.editions import edition, recorded, refresh
from autograder.grading.gradebook.harmless import (
    formula_acts,
    kept_attribute,
    markdown_acts,
    picture_metadata,
)
from autograder.grading.submission.beside import read_beside
from autograder.grading.submission.execution import Executed, execute
from autograder.grading.submission.intake import (
    LONGEST,
    LONGEST_CELL,
    cleaned,
    without_attachments,
)
from autograder.grading.submission.preflight import preflight
from autograder.grading.submission.private_tests import add_tests, private_tests
from autograder.grading.submission.releases import keep, solution_files
from autograder.grading.submission.sanitize import sanitize
from autograder.grading.submission.seeds import seed_of
from autograder.grading.submission.version import version_of

Converted = tuple[NotebookNode, ResourcesDict]  # what nbgrader gives to the next step

_MARKUP = {"text/html", "text/markdown"}  # taking it apart takes time that grows with its square
_ACTS = {"text/html": formula_acts, "text/markdown": markdown_acts, "text/latex": formula_acts}
_HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*$", re.M | re.S)
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
_TEXT = {"p", "br", "hr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary"}


class PrivateTests(NbGraderPreprocessor):
    """Adds the instructor's private tests, so that the gradebook has them; a release does not."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Converted:
        """Add them to the grade cells, if nbgrader_config.py names any."""
        if "tests" not in self.config.Examiner:
            return notebook, resources
        classroom, ref, _ = place_of(self, resources)
        return add_tests(notebook, private_tests(classroom, ref, notebook)), resources


class AnswersMayFail(NbGraderPreprocessor):
    """Lets a release's *Run All* go on after an answer or a guess that fails, unlike a source's."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> Converted:
        """Tag code cells in which students write."""
        if cells.role(cell) in ("solution", "prediction"):
            cell.metadata.tags = [*cell.metadata.get("tags", []), "raises-exception"]
        return cell, resources


class SaveCells(nbgrader_steps.SaveCells):
    """Puts cells and points into the gradebook, unless it has submissions: those are a class's."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Converted:
        """Leave the notebook as it is."""
        classroom, ref, _ = place_of(self, resources)
        if not recorded(classroom, ref):
            return super().preprocess(notebook, resources)
        self.log.warning("The gradebook keeps the cells that %s was graded with.", ref.assignment)
        return notebook, resources


class Sanitize(NbGraderPreprocessor):
    """Rebuilds the submission against the instructor's copy."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Converted:
        """Return the notebook to execute; notes go to nbgrader's log.

        `autograder grade` says in `resources["autograder"]` which release it is, and finds the
        notes there.
        """
        ours = resources.setdefault("autograder", {})
        if "release" not in ours:
            classroom, ref, _ = place_of(self, resources)
            ours["release"] = edition(classroom, ref)
            keep(classroom, ref, ours["release"])  # before the course changes
            refresh(classroom, ref, ours["release"])  # for OverwriteCells
            notebook = cleaned(notebook.cells)  # nbgrader read it
        release = ours["release"]
        notebook, ours["notes"] = sanitize(notebook, release.instructor, release.released)
        for note in ours["notes"]:
            self.log.warning("%s", note)
        return notebook, resources


class Execute(NbGraderPreprocessor):
    """Runs the notebook by `execution.execute`."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Converted:
        """Return the notebook with its outputs."""
        classroom, ref, student = place_of(self, resources)
        bounds, release = limits(self.config), edition(classroom, ref)
        beside = read_beside(classroom.submitted(student, ref.assignment), ref.file)
        for note in beside.notes():
            self.log.warning("%s", note)

        def run(one: NotebookNode, whose: str, seconds: dict[str, float]) -> Executed:
            seed = seed_of(classroom, ref.assignment, whose)
            files = beside.files if whose == student else {}
            given = {"seconds": seconds, "files": files}
            executed = execute(copy.deepcopy(one), shared_engine(), bounds, seed, **given)
            if not executed.by_clock:
                return executed
            self.log.warning("The machine was too busy: %s is examined again.", whose)
            return execute(one, shared_engine(), bounds, seed, **given)

        version = version_of(release, bounds, full=False)
        found = preflight(
            classroom, ref, release, version, lambda two: [run(one, "reference", {}) for one in two]
        )
        found.require(ref.assignment)
        return run(notebook, student, found.seconds(bounds)).notebook, resources


class Harmless(SanitizeHTML):
    """Takes out of a graded notebook what could act where it is shown: feedback, the formgrader.

    The author's own prose is left as it is; what a student wrote or displayed keeps its harmless
    tags and is otherwise shown as text.
    """

    enabled = Bool(True)
    tags = List(Unicode(), default_value=sorted({*ALLOWED_TAGS, *_TABLES, *_TEXT}))
    attributes = Any(default_value=kept_attribute)

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Converted:
        """Sanitize every cell that is not the author's prose."""
        classroom, ref, _ = place_of(self, resources)
        files = solution_files(classroom, ref)
        self._prose = _prose(tuple((file, file.stat().st_mtime_ns) for file in files))
        self._left = LONGEST
        return super().preprocess(notebook, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> Converted:
        """Escape what the author did not write."""
        if cell.cell_type == "markdown" and cells.text(cell.source) in self._prose:
            return cell, resources
        for output in cell.get("outputs", []):
            if "data" in output:
                output.metadata = nbformat.from_dict(picture_metadata(output.get("metadata")))
                self._shorten(output.data)
        given = copy.deepcopy(cell)
        super().preprocess_cell(cell, resources, index)  # it changes the cell itself
        if cell.cell_type == "markdown" and markdown_acts(cell.source):
            cell.source = f"<pre>{html.escape(given.source)}</pre>"
        outputs = zip(cell.get("outputs", []), given.get("outputs", []), strict=True)
        for output, before in outputs:
            for kind, acts in _ACTS.items():
                if kind in output.get("data", {}) and acts(output.data[kind]):
                    del output.data[kind]
                    output.data["text/plain"] = before.data[kind]
        return cell, resources

    def _shorten(self, data: NotebookNode) -> None:
        """Show markup as text where there is too much of it, and a figure only once."""
        if "image/png" in data:  # a live notebook's figure is HTML, too
            data.pop("text/html", None)
        for kind in _MARKUP & data.keys():
            self._left -= len(data[kind])
            if len(data[kind]) > LONGEST_CELL or self._left < 0:
                data.setdefault("text/plain", data.pop(kind))
            elif kind == "text/markdown":
                data[kind] = without_attachments(data[kind])


class HideTests(NbGraderPreprocessor):
    """Replaces each hidden region of a feedback page by a comment.

    Whether what a test found comes from such a region is noted as `metadata.autograder.hidden`.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> Converted:
        """Change the source of code cells."""
        if cell.cell_type == "code":
            own = cell.metadata.get("autograder", {})
            line = own.get("finding", {}).get("line", 0)
            regions = [
                range(cell.source[: found.start()].count("\n") + 1, last + 1)
                for found in _HIDDEN.finditer(cell.source)
                for last in [cell.source[: found.end()].count("\n") + 1]
            ]
            hidden = bool(regions) and (not line or any(line in lines for lines in regions))
            cell.metadata.autograder = {**own, "hidden": hidden}
            cell.source = _HIDDEN.sub("# (hidden tests ran here)", cell.source)
        return cell, resources


class EscapeNames(NbGraderPreprocessor):
    """Escapes a student's names for the formgrader's page of a submission, which does not."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Converted:
        """Change what the page's template inserts; a feedback page escapes by itself."""
        for name in ("student", "first_name", "last_name", "notebook_path"):
            if text := resources.get(name):
                resources[name] = html.escape(text)
        return notebook, resources


@functools.lru_cache(maxsize=8)
def _prose(files: tuple[tuple[Path, int], ...]) -> frozenset[str]:
    """The author's texts, read once for a class and not for every submission."""
    notebooks = [nbformat.read(file, as_version=4) for file, _ in files]
    return frozenset(
        cells.text(c.source) for n in notebooks for c in n.cells if c.cell_type == "markdown"
    )


def place_of(step: Configurable, resources: ResourcesDict) -> tuple[Classroom, NotebookRef, str]:
    """Class, notebook and student of what nbgrader is converting."""
    details, course = resources["nbgrader"], step.config.CourseDirectory
    folder = Path(course.root, course.submitted_directory).parent
    classroom = Classroom(Path(course.root), folder, tests_of(step.config), details["db_url"])
    ref = NotebookRef(details["assignment"], details["notebook"])
    return classroom, ref, details["student"]


# `nbgrader generate_assignment`, which puts cells and points into the gradebook.
RELEASE = (
    nbgrader_steps.IncludeHeaderFooter,
    nbgrader_steps.InstantiateTests,
    PrivateTests,
    nbgrader_steps.LockCells,
    nbgrader_steps.ClearSolutions,
    nbgrader_steps.ClearOutput,
    AnswersMayFail,
    nbgrader_steps.CheckCellMetadata,
    nbgrader_steps.ComputeChecksums,
    SaveCells,
    nbgrader_steps.ClearHiddenTests,
    nbgrader_steps.ClearMarkScheme,
    nbgrader_steps.ComputeChecksums,
    nbgrader_steps.CheckCellMetadata,
)
# `nbgrader autograde`, the formgrader's button and `autograder grade`: first SANITIZE, then GRADE.
SANITIZE = (Sanitize, nbgrader_steps.OverwriteCells, nbgrader_steps.CheckCellMetadata)
GRADE = (
    Execute,
    Harmless,
    nbgrader_steps.OverwriteCells,
    nbgrader_steps.SaveAutoGrades,
    nbgrader_steps.AssignLatePenalties,
    nbgrader_steps.CheckCellMetadata,
)
FEEDBACK = (HideTests,)
FORMGRADER = (EscapeNames,)  # what it shows of a submission
