"""Reads nbgrader_config.py once for a class, and derives the configuration of each submission.

Whatever the file's own class is, the copies that `config_for` gives are those of the given class.
"""

import copy
import difflib
import functools
import traceback
from dataclasses import dataclass, fields
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.examiner.job import Limits
from autograder.files import course_root
from autograder.grading.classroom import Classroom, GradingError

_FOLDERS = ("submitted", "autograded", "feedback", "solution", "source_with_tests")


def find_class(folder: Path | None = None, tests: Path | None = None) -> Classroom:
    """The class in `folder` (default: classroom/) of the course around the current folder.

    Args:
        folder: The class's folder.
        tests: A folder of private tests; by default the one that nbgrader_config.py names.

    Raises:
        GradingError: The current folder is not inside a course.
    """
    root = course_root()
    if root is None:
        message = "is not inside a course: no nbgrader_config.py here or above."
        raise GradingError(f"{Path.cwd()} {message}")
    folder = (folder or root / "classroom").resolve()
    return Classroom(root, folder, tests or tests_of(_read(root)))


def tests_of(config: Config) -> Path | None:
    """The folder of private tests that a configuration names."""
    given = config.Examiner.get("tests")
    return Path(config.CourseDirectory.root, given) if given else None


def sqlite_url(folder: Path) -> str:
    """The address of the gradebook that lies as a file in a class's folder."""
    return f"sqlite:///{(folder / 'gradebook.db').as_posix()}"


def db_url(classroom: Classroom) -> str:
    """The gradebook's address for nbgrader."""
    return config_for(classroom).CourseDirectory.db_url


def config_for(classroom: Classroom, assignment: str = "", student: str = "*") -> Config:
    """nbgrader's configuration for a class, an assignment and a student."""
    config = copy.deepcopy(_read(classroom.root))
    course = config.CourseDirectory
    own = Path(course.root, course.submitted_directory).parent
    if classroom.own_db_url or course.db_url == sqlite_url(own):
        course.db_url = classroom.own_db_url or sqlite_url(classroom.folder)
    for name in _FOLDERS:
        course[f"{name}_directory"] = str(classroom.folder / name)
    if classroom.tests:
        config.Examiner.tests = str(classroom.tests)
    course.assignment_id, course.student_id = assignment, student
    return config


def step_names(config: Config) -> str:
    """The steps of `nbgrader autograde`, in order."""
    steps = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors]
    return ",".join(s if isinstance(s, str) else getattr(s, "__name__", repr(s)) for s in steps)


def limits(config: Config) -> Limits:
    """The bounds on a submission that `c.Examiner.limits` sets.

    Raises:
        GradingError: It names an unknown limit, or a value is not a positive number.
    """
    given = dict(config.Examiner.get("limits", {}))
    kinds = {limit.name: limit.type for limit in fields(Limits)}
    for name, value in given.items():
        if name not in kinds:
            known = ", ".join(kinds)
            raise GradingError(f"nbgrader_config.py: there is no limit {name}. There is: {known}.")
        whole = kinds[name] is int
        if type(value) not in ((int,) if whole else (int, float)) or value < 0:
            must = f"must be a {'whole ' * whole}number of at least 0, not {value!r}"
            raise GradingError(f"nbgrader_config.py: the limit {name} {must}.")
    return Limits(**given)


@dataclass(frozen=True)
class FeedbackOptions:
    """What feedback pages show.

    Attributes:
        solutions: When they show reference solutions.
        hidden_values: When they show what hidden tests call and expect.
    """

    solutions: str = "never"
    hidden_values: str = "always"


_WHEN = {"solutions": ("never", "after due"), "hidden_values": ("always", "after due", "never")}


def feedback_options(config: Config) -> FeedbackOptions:
    """What `c.FeedbackPage` sets.

    Raises:
        GradingError: It sets an unknown option, or one to another value.
    """
    given = {k: v for k, v in config.FeedbackPage.items() if not isinstance(v, Config)}
    for name in given.keys() - _WHEN.keys():
        from nbconvert.exporters.exporter import Exporter  # takes long, and most set none of its

        if not Exporter.class_traits(config=True).keys() & {name}:
            close = difflib.get_close_matches(name, _WHEN, 1)
            question = f" Did you mean {close[0]}?" if close else ""
            raise GradingError(
                f"nbgrader_config.py: c.FeedbackPage has no option {name}.{question} "
                f"There is: {', '.join(_WHEN)}."
            )
    options = {name: value for name, value in given.items() if name in _WHEN}
    for name, value in options.items():
        if value not in _WHEN[name]:
            may = ", ".join(map(repr, _WHEN[name]))
            raise GradingError(
                f"nbgrader_config.py: c.FeedbackPage.{name} may be {may}, but not {value!r}."
            )
    return FeedbackOptions(**options)


def _read(root: Path) -> Config:
    return _load(str(root), (root / "nbgrader_config.py").stat().st_mtime_ns)


@functools.lru_cache(8)
def _load(root: str, changed: int) -> Config:
    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=root).load_config()
    except Exception as error:  # the file is a program of the instructor's
        raise GradingError(_where(Path(root, "nbgrader_config.py"), error)) from error
    feedback_options(config)
    return config


def _where(path: Path, error: Exception) -> str:
    """What is wrong in a configuration, and in which line."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines, said = [error.lineno], error.msg
    else:
        said = str(error)
    place = f"{path}, line {lines[-1]}" if lines else str(path)
    return f"{place}: {type(error).__name__}: {said}"
