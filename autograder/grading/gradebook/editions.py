"""Says which edition of an assignment a class has.

Until the gradebook has submissions of an assignment, it is today's release. From then on the class
stays with the release that they were graded with: cells, points and tests, also for students who
submit later. Nothing else has to be remembered, because the gradebook holds that release's cells
and `classroom/releases/` its notebooks. To give a class today's release instead, move the gradebook
away (its manual grades with it) and grade again.

`editions` serves grading, `edition` everyone else: nbgrader's steps, exports, the report, `doctor`.
"""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_code_cell
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import compute_checksum

from autograder import cells
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.connection import has_gradebook, open_gradebook
from autograder.grading.submission.releases import Cells, Release, all_releases, today, with_cells


def editions(classroom: Classroom, ref: NotebookRef) -> list[Release]:
    """The releases that may grade: first the class's own, then others that were kept.

    Raises:
        GradingError: There is no such assignment, a private test is malformed, or no release has
            the gradebook's cells.
    """
    found = all_releases(classroom, ref)
    known = recorded(classroom, ref)
    if not known:
        return found
    own = with_cells(known, found)
    if own is None:
        name = ref.assignment
        raise GradingError(
            f"The gradebook's submissions of {name} were graded with other exercises or points than"
            f" today's. `autograder keep {name} --revision REVISION` brings their release back from"
            " Git; or move the gradebook away and grade again."
        )
    return [own, *(release for release in found if release is not own and release.kept)]


def edition(classroom: Classroom, ref: NotebookRef) -> Release:
    """The class's own release; see `editions`."""
    return editions(classroom, ref)[0]


def in_words(classroom: Classroom, ref: NotebookRef) -> str:
    """The class's edition and how it relates to today's release, for instructors."""
    own, now = edition(classroom, ref), today(classroom, ref)
    text = f"{own.id}, kept {own.kept:%Y-%m-%d}" if own.kept else f"{own.id}, today's"
    if own.id == now.id:
        return text
    return f"{text}; today's is {now.id}, for classes without submissions"


def refresh(classroom: Classroom, ref: NotebookRef, own: Release) -> None:
    """Put the tests of the class's edition into the gradebook, where their text has changed.

    Manual graders and nbgrader's own commands find them there. Ids and points stay.
    """
    locked = {cells.grade_id(c): c for c in own.instructor.cells if cells.is_locked(c)}
    with open_gradebook(classroom) as gradebook:
        for row in gradebook.find_notebook(ref.notebook, ref.assignment).source_cells:
            cell = locked.get(row.name)
            if cell is not None and cell.source != row.source:
                row.source, row.checksum = cell.source, compute_checksum(cell)
        gradebook.db.commit()


def recorded(classroom: Classroom, ref: NotebookRef) -> Cells:
    """The gradebook's cells, if it has submissions."""
    if not has_gradebook(classroom):
        return {}
    with open_gradebook(classroom) as gradebook:
        try:
            notebook = gradebook.find_notebook(ref.notebook, ref.assignment)
        except MissingEntry:
            return {}
        if not notebook.num_submissions:
            return {}
        points = {c.name: c.max_score for c in [*notebook.grade_cells, *notebook.task_cells]}
        return {c.name: (points.get(c.name), _shown(c.source)) for c in notebook.source_cells}


def _shown(source: str) -> str:
    """What students see of a cell."""
    clear = ClearHiddenTests(enforce_metadata=False)
    return clear.preprocess_cell(new_code_cell(source), ResourcesDict(), 0)[0].source
