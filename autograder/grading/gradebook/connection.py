"""Opens the class's gradebook: `open_gradebook` is the way in for all of grading."""

import contextlib
import functools
from collections.abc import Iterator

import nbgrader.api
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.grading.classroom import Classroom, GradingError


@contextlib.contextmanager
def open_gradebook(classroom: Classroom) -> Iterator[Gradebook]:
    """The class's gradebook, created when missing.

    Raises:
        GradingError: The database does not answer, or its driver is not installed.
    """
    classroom.folder.mkdir(parents=True, exist_ok=True)
    try:
        gradebook = Gradebook(classroom.db_url)
    except (SQLAlchemyError, ImportError) as error:
        where = make_url(classroom.db_url).render_as_string()  # without its password
        raise GradingError(f"The gradebook {where} cannot be opened: {error}") from error
    with gradebook:
        yield gradebook


def _newest_revision() -> str:
    """Of nbgrader's tables; with it a new gradebook is stamped."""
    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


@functools.lru_cache(8)
def _engine(url: str, **options: object) -> Engine:
    """The engine of a gradebook; another program may write to a file for up to a minute."""
    patience = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    return create_engine(url, **options, **patience)


# nbgrader would run the `alembic` command for it, and so import itself once more; and it would make
# an engine for each gradebook that is opened, which compiles every query anew.
nbgrader.api.get_alembic_version = _newest_revision
nbgrader.api.create_engine = _engine
