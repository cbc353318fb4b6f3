"""The limits of nbgrader_config.py."""

import shutil

import pytest
from tiny import TINY, grade_class, hand_in, index_of, nbgrader, solved

from autograder.examiner.job import Limits
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.configuration import config_for, limits
from autograder.grading.gradebook.connection import open_gradebook


def with_limits(course, target, limits):
    """A copy of a course whose nbgrader_config.py sets other limits."""
    root = target / "course"
    for folder in ("solutions", "notebooks"):
        shutil.copytree(course / folder, root / folder)
    config = (course / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(f"{config}\nc.Examiner.limits = {limits}\n")
    return Classroom(root, root / "classroom")


@pytest.mark.slow
def test_limits_of_the_configuration_bind_this_grader_and_stock_nbgrader(
    tiny_course, tmp_path, released
):
    room = with_limits(tiny_course, tmp_path, {"cell_seconds": 4.5})
    notebook = solved(released)
    notebook.cells[index_of(notebook, "double")].source += "\nimport time; time.sleep(1000)"
    hand_in(room, "slow", notebook)
    outcome = grade_class(room, limits=None)["slow"]
    assert outcome.score == 2
    assert any("ran longer than 4.5 seconds" in note for note in outcome.notes)
    nbgrader(room.root, "autograde", TINY, "--force")
    with open_gradebook(room) as gradebook:
        assert gradebook.find_submission(TINY, "slow").score == 2


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"cell_second": 5}, "there is no limit cell_second. There is: cell_seconds, "),
        ({"cell_seconds": "5"}, "the limit cell_seconds must be a number of at least 0, not '5'"),
        ({"processes": 2.5}, "the limit processes must be a whole number"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_in_words(tiny_course, tmp_path, given, complaint):
    with pytest.raises(GradingError, match=complaint):
        limits(config_for(with_limits(tiny_course, tmp_path, given)))


def test_limits_that_the_configuration_leaves_out_keep_their_defaults(tiny_course, tmp_path):
    assert limits(config_for(with_limits(tiny_course, tmp_path, {"restarts": 1}))) == Limits(
        restarts=1
    )
