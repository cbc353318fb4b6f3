"""Where a course and a class lie; every module of grading takes a `Classroom`."""

import difflib
from dataclasses import dataclass
from pathlib import Path


class GradingError(Exception):
    """Something that stops grading; the message tells an instructor what to do."""


@dataclass(frozen=True, order=True)
class NotebookRef:
    """A notebook of an assignment.

    Attributes:
        assignment: The assignment's id.
        notebook: The notebook's name; by default the assignment's, as every assignment has it now.
    """

    assignment: str
    notebook: str = ""

    def __post_init__(self) -> None:
        if not self.notebook:
            object.__setattr__(self, "notebook", self.assignment)

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.notebook}.ipynb"


@dataclass(frozen=True)
class Classroom:
    """One class of a course.

    Attributes:
        root: The course's folder, which holds `nbgrader_config.py`.
        folder: The class's folder: submitted/, autograded/, feedback/, gradebook.db.
        tests: The folder of the instructor's private tests, if there is one.
        own_db_url: Replaces `c.CourseDirectory.db_url` of nbgrader_config.py.
    """

    root: Path
    folder: Path
    tests: Path | None = None
    own_db_url: str = ""

    def assignments(self) -> list[str]:
        """The ids of the assignments that were built."""
        return sorted(p.parent.name for p in self.root.glob("solutions/*/*.ipynb"))

    def instructor_notebook(self, ref: NotebookRef) -> Path:
        """The executed solution, from which locked cells and hidden tests are taken.

        Raises:
            GradingError: There is no such assignment.
        """
        path = self.root / "solutions" / ref.assignment / ref.file
        if not path.is_file():
            raise GradingError(self._unknown(ref.assignment))
        return path

    def _unknown(self, assignment: str) -> str:
        known = self.assignments()
        parts = {part: name for name in known for part in (name.partition("-")[2], name)}
        close = difflib.get_close_matches(assignment, parts, 1, 0.5)
        begun = [name for name in known if name.startswith(assignment)]
        meant = begun if len(begun) == 1 else [parts[part] for part in close]
        question = f" Did you mean {meant[0]}?" if meant else ""
        listed = ", ".join(known) or "none"
        return f"There is no assignment {assignment}.{question} There is: {listed}."

    def release_notebook(self, ref: NotebookRef) -> Path:
        """What students were given."""
        return self.root / "notebooks" / ref.assignment / ref.file

    def submitted(self, student: str, assignment: str) -> Path:
        """A student's folder as it was handed in."""
        return self.folder / "submitted" / student / assignment

    def submitted_notebook(self, student: str, ref: NotebookRef) -> Path:
        """A student's notebook as it was handed in."""
        return self.submitted(student, ref.assignment) / ref.file

    def autograded(self, student: str, ref: NotebookRef) -> Path:
        """A student's graded notebook."""
        return self.folder / "autograded" / student / ref.assignment / ref.file

    def feedback(self, student: str, ref: NotebookRef) -> Path:
        """A student's feedback page."""
        return self.folder / "feedback" / student / ref.assignment / f"{ref.notebook}.html"

    def students(self, assignment: str) -> list[str]:
        """Everyone with a folder for the assignment."""
        found = (self.folder / "submitted").glob(f"*/{assignment}")
        names = (path.parent.name for path in found)
        return sorted(name for name in names if not name.startswith("."))
