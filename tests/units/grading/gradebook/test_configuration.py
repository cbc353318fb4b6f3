"""nbgrader_config.py: it is read without side effects, once, and holds for every way to grade."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from tiny import NOTEBOOK, ROOT, TINY, grade_class, hand_in, nbgrader, page, solved
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.configuration import config_for, db_url, feedback_options

# An instructor's own steps: each leaves its name in the notebook's metadata.
OWN_STEPS = """
from nbgrader.preprocessors import NbGraderPreprocessor


class Marks(NbGraderPreprocessor):
    def preprocess(self, notebook, resources):
        marks = notebook.metadata.get("marks", [])
        notebook.metadata.marks = [*marks, type(self).__name__]
        return notebook, resources


class Sanitized(Marks): pass
class Before(Marks): pass
class After(Marks): pass


class Greets(NbGraderPreprocessor):
    def preprocess(self, notebook, resources):
        notebook.cells[0].source = "Greetings, " + " ".join(notebook.metadata.marks)
        return notebook, resources


def after_execution(notebook, resources):
    ran = any(cell.get("execution_count") for cell in notebook.cells)
    notebook.metadata.marks.append("after the cells ran" if ran else "too early")
    return notebook, resources


c.Autograde.sanitize_preprocessors.append(Sanitized)
c.Autograde.autograde_preprocessors.insert(0, Before)
c.Autograde.autograde_preprocessors += [After, after_execution]
c.GenerateFeedback.preprocessors.append(Greets)
"""


def course(tiny_course, root, more):
    for folder in ("solutions", "notebooks"):
        shutil.copytree(tiny_course / folder, root / folder)
    config = (tiny_course / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(config + more)
    return Classroom(root, root / "classroom")


def by_autograder(room):
    grade_class(room)


def by_nbgrader(room):
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        nbgrader(room.root, command, TINY, "--force")


def by_the_formgrader(room):
    """What its buttons call, in a process of its own that has its configuration."""
    before = os.getcwd()
    os.chdir(room.root)
    try:
        app = NbGrader()
        app.initialize([])
        api = NbGraderAPI(CourseDirectory(parent=app), parent=app)
        for said in (
            api.generate_assignment(TINY),
            api.autograde(TINY, "ada"),
            api.generate_feedback(TINY, "ada"),
        ):
            assert said["success"], said
    finally:
        os.chdir(before)


@pytest.mark.slow
@pytest.mark.parametrize("way", [by_autograder, by_nbgrader, by_the_formgrader])
def test_a_step_of_the_instructors_takes_effect_however_one_grades(
    way, tiny_course, tmp_path, released
):
    room = course(tiny_course, tmp_path / "course", OWN_STEPS)
    hand_in(room, "ada", solved(released, half="0"))
    way(room)
    graded = nbformat.read(room.autograded("ada", NOTEBOOK), as_version=4)
    marks = ["Sanitized", "Before", "After", "after the cells ran"]
    assert graded.metadata.marks == marks
    assert f"Greetings, {' '.join(marks)}" in page(room, "ada")


def test_another_list_of_steps_regrades(tiny_course, tmp_path, released):
    room = course(tiny_course, tmp_path / "course", "")
    hand_in(room, "ada", released)
    grade_class(room)
    assert grade_class(room)["ada"].status == "graded before"
    config = room.root / "nbgrader_config.py"
    config.write_text(config.read_text() + OWN_STEPS)
    assert grade_class(room)["ada"].status == "graded"
    assert "Greetings" in page(room, "ada")


def test_a_configuration_without_execution_is_refused(tiny_course, tmp_path, released):
    room = course(tiny_course, tmp_path / "course", "c.Autograde.autograde_preprocessors.pop(0)\n")
    hand_in(room, "ada", released)
    with pytest.raises(GradingError, match="autograde_preprocessors lacks Execute"):
        grade_class(room)


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("hidden_value", "no option hidden_value. Did you mean hidden_values?"),
        ("colour", "no option colour. There is: solutions, hidden_values."),
    ],
)
def test_an_unknown_option_of_the_feedback_page_is_refused(option, says):
    with pytest.raises(GradingError, match=re.escape(says)):
        feedback_options(Config({"FeedbackPage": {option: "never"}}))


def test_what_nbconvert_knows_of_any_exporter_may_be_set():
    feedback_options(Config({"FeedbackPage": {"file_extension": ".htm", "solutions": "never"}}))


def test_reading_it_changes_nothing(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    environment = dict(os.environ)
    PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    assert dict(os.environ) == environment
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


@pytest.mark.slow
def test_it_is_read_once_by_each_process_that_grades_a_class(tiny_course, tmp_path, released):
    read = tmp_path / "read"
    more = f"with open({str(read)!r}, 'a') as log:\n    print(os.getpid(), file=log)\n"
    room = course(tiny_course, tmp_path / "course", more)
    for student in ("ada", "bob", "cyd"):
        hand_in(room, student, released)
    grade_class(room)
    readers = read.read_text().split()
    assert str(os.getpid()) in readers and len(readers) == len(set(readers))
    (room.root / "nbgrader_config.py").write_text(
        (room.root / "nbgrader_config.py").read_text() + 'c.Examiner.limits = {"restarts": 1}\n'
    )
    assert config_for(room).Examiner.limits == {"restarts": 1}


def test_each_class_has_its_own_folders_and_gradebook(tiny_course, tmp_path):
    room = Classroom(tiny_course, tmp_path / "other")
    mine = config_for(room, TINY, "ada").CourseDirectory
    assert mine.db_url == f"sqlite:///{tmp_path}/other/gradebook.db"
    assert mine.feedback_directory == f"{tmp_path}/other/feedback"
    assert (mine.assignment_id, mine.student_id) == (TINY, "ada")
    assert config_for(room).CourseDirectory.student_id == "*"


def test_a_gradebook_of_the_instructors_serves_every_folder(tiny_course, tmp_path):
    own = f"sqlite:///{tmp_path}/own.db"
    room = course(tiny_course, tmp_path / "c", f'c.CourseDirectory.db_url = "{own}"\n')
    assert db_url(room) == db_url(Classroom(room.root, tmp_path / "other")) == own


@pytest.mark.slow
@pytest.mark.parametrize("command", [["db", "student", "add", "ada"], ["db", "upgrade"]])
def test_nbgrader_makes_a_gradebook_in_a_fresh_checkout_without_an_active_environment(
    tmp_path, command
):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "AUTOGRADER_CLASSROOM": "term/2"}
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "term" / "2" / "gradebook.db").exists()
    assert not (tmp_path / "classroom").exists()
