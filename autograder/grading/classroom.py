"""Where a course and a class lie; every module of grading takes a `Classroom`."""

import os
import threading
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from sqlalchemy.engine import make_url
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.examiner.job import Limits

_loading = threading.Lock()


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
        tests: Replaces `c.Examiner.tests` of nbgrader_config.py: the instructor's private tests.
        own_db_url: Replaces `c.CourseDirectory.db_url` of nbgrader_config.py.
    """

    root: Path
    folder: Path
    tests: Path | None = None
    own_db_url: str = ""

    @classmethod
    def find(cls, folder: Path | None = None) -> "Classroom":
        """The class in `folder` (default: classroom/) of the course around the current folder.

        Raises:
            GradingError: The current folder is not inside a course.
        """
        here = Path.cwd()
        for root in (here, *here.parents):
            if (root / "nbgrader_config.py").is_file():
                return cls(root, (folder or root / "classroom").resolve())
        raise GradingError(f"{here} is not inside a course: no nbgrader_config.py here or above.")

    @cached_property
    def db_url(self) -> str:
        """The gradebook's address for nbgrader, as nbgrader_config.py says."""
        return self.config("").CourseDirectory.db_url

    @property
    def gradebook(self) -> Path | None:
        """The gradebook's file; None if it is a server's database."""
        url = make_url(self.db_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" else None

    @property
    def tests_folder(self) -> Path | None:
        """Where the instructor's private tests lie, if there are any."""
        given = self.config("").Examiner.get("tests")
        return self.root / given if given else None

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
            known = ", ".join(self.assignments()) or "none"
            raise GradingError(f"There is no assignment {ref.assignment}. There is: {known}.")
        return path

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

    def limits(self) -> Limits:
        """The bounds on a submission that `c.Examiner.limits` in nbgrader_config.py sets.

        Raises:
            GradingError: It names a limit that there is not, or no positive number.
        """
        given = dict(self.config("").Examiner.get("limits", {}))
        kinds = {limit.name: limit.type for limit in fields(Limits)}
        for name, value in given.items():
            if name not in kinds:
                known = ", ".join(kinds)
                raise GradingError(
                    f"nbgrader_config.py: there is no limit {name}. There is: {known}."
                )
            if type(value) not in (int, float) or value < 0:
                raise GradingError(f"nbgrader_config.py: the limit {name} is {value!r}, no number.")
            if kinds[name] is int and type(value) is not int:
                raise GradingError(f"nbgrader_config.py: the limit {name} must be a whole number.")
        return Limits(**given)

    def config(self, assignment: str, student: str = "*") -> Config:
        """nbgrader's configuration for this class."""
        with _loading:  # threads share the environment
            before = os.environ.get("AUTOGRADER_CLASSROOM")
            os.environ["AUTOGRADER_CLASSROOM"] = str(self.folder)
            try:
                config = PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
            finally:
                if before is None:
                    del os.environ["AUTOGRADER_CLASSROOM"]
                else:
                    os.environ["AUTOGRADER_CLASSROOM"] = before
        if self.tests:
            config.Examiner.tests = str(self.tests)
        if self.own_db_url:
            config.CourseDirectory.db_url = self.own_db_url
        config.CourseDirectory.assignment_id = assignment
        config.CourseDirectory.student_id = student
        return config
