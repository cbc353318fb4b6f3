"""What the gradebook keeps: manual grades, a backup, nbgrader's own revision."""

import contextlib
import sqlite3
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook
from nbgrader.dbutil import _temp_alembic_ini
from tiny import TINY, grade_class, hand_in, solved

from autograder.grading.gradebook.configuration import db_url
from autograder.grading.gradebook.connection import open_gradebook


def test_manual_grades_comments_and_the_late_flag_survive(room, released):
    hand_in(room, "ada", solved(released, half="0"), "2030-01-02 00:00:00 UTC")
    grade_class(room)
    with open_gradebook(room) as gradebook:
        gradebook.update_or_create_assignment(TINY, duedate="2030-01-01 00:00:00 UTC")
        grade_ = gradebook.find_grade("test_half", TINY, TINY, "ada")
        grade_.manual_score = 1.5
        gradebook.find_comment("half", TINY, TINY, "ada").manual_comment = "close"
        gradebook.db.commit()
    outcome = grade_class(room, force=True)["ada"]
    assert outcome.score == 4.5 and outcome.late
    with open_gradebook(room) as gradebook:
        assert gradebook.find_comment("half", TINY, TINY, "ada").manual_comment == "close"


def test_the_gradebook_is_backed_up_before_anything_is_graded(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room)
    grade_class(room)
    assert not (room.folder / "backups").exists()
    grade_class(room, force=True)
    (backup,) = (room.folder / "backups").glob("*.db")
    with Gradebook(f"sqlite:///{backup}") as gradebook:
        assert gradebook.find_submission(TINY, "ada").score == 5


@pytest.mark.slow
def test_a_new_gradebook_bears_the_revision_that_nbgraders_own_command_says(room):
    with open_gradebook(room):
        pass
    with _temp_alembic_ini(db_url(room)) as settings:
        command = [sys.executable, "-m", "alembic", "-c", settings, "heads"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with contextlib.closing(sqlite3.connect(room.folder / "gradebook.db")) as database:
        ((revision,),) = database.execute("SELECT version_num FROM alembic_version")
    assert said.split()[0] == revision
