"""Opens the class's gradebook: `open_gradebook` is the way in for all of grading.

Whoever imports this module, nbgrader_config.py included, changes how nbgrader itself opens one: it
makes the folder of a new file, finds `alembic` in an environment that is not active, and is fast.
"""

import contextlib
import functools
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbgrader.api
import nbgrader.dbutil
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.configuration import db_url


@contextlib.contextmanager
def open_gradebook(classroom: Classroom) -> Iterator[Any]:
    """The class's `Gradebook`, created when missing; to type checkers its values are columns.

    Raises:
        GradingError: The database does not answer, or its driver is not installed.
    """
    url = db_url(classroom)
    try:
        gradebook = Gradebook(url)
    except (SQLAlchemyError, ImportError) as error:
        where = make_url(url).render_as_string()  # without its password
        raise GradingError(f"The gradebook {where} cannot be opened: {error}") from error
    with gradebook:
        yield gradebook


def gradebook_file(classroom: Classroom) -> Path | None:
    """The gradebook's file, which may not exist yet; None if it is a server's database."""
    return _file(db_url(classroom))


def has_gradebook(classroom: Classroom) -> bool:
    """Return False if the gradebook is a file that does not exist yet."""
    file = gradebook_file(classroom)
    return file is None or file.exists()


def _file(url: str) -> Path | None:
    parts = make_url(url)
    is_file = parts.get_backend_name() == "sqlite"
    return Path(parts.database) if is_file and parts.database else None


def _open(url: str, **options: object) -> Engine:
    if file := _file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    # nbgrader was written for SQLAlchemy 1.4, which did not warn of harmless things in its queries.
    warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")
    return _engine(url, **options)


@functools.lru_cache(8)
def _engine(url: str, **options: object) -> Engine:
    """The engine of a gradebook; another program may write to a file for up to a minute."""
    patience = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    return create_engine(url, **options, **patience)


def _run_here(command: list[str]) -> None:
    subprocess.run([sys.executable, "-m", *command], check=True)


# To stamp a new gradebook with the newest revision of its tables, nbgrader would run the `alembic`
# command, and so import itself once more; and it would make an engine for each gradebook that is
# opened, which compiles every query anew.
nbgrader.api.get_alembic_version = ScriptDirectory(nbgrader.dbutil.ALEMBIC_DIR).get_current_head
nbgrader.api.create_engine = _open
nbgrader.dbutil.check_call = _run_here  # `alembic`, for `nbgrader db upgrade`
