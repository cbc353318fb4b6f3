"""An instructor's own hidden tests, outside the course, count as those inside do."""

import shutil

import nbformat
import pytest
from tiny import NOTEBOOK, TINY, cell, grade_class, hand_in, index_of, nbgrader, page, solved

from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.configuration import find_class
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.outgoing.gradescope.export import _autograder
from autograder.grading.run.grade import Options, grade
from autograder.grading.submission.private_tests import add_tests

SECRET = "assert double(100) == 200, 'privately: double'"
ONLY_WHAT_IS_TESTED = "{1: 2, 3: 6}.get(x, 0)"  # passes all tests of the course


@pytest.fixture
def tests(tmp_path):
    folder = tmp_path / "private"
    (folder / TINY).mkdir(parents=True)
    (folder / TINY / "test_double.py").write_text(SECRET)
    return folder


@pytest.fixture
def strict(tiny_course, tmp_path, tests):
    return Classroom(tiny_course, tmp_path / "class", tests=tests)


def test_a_fail_there_loses_the_points_as_a_hidden_test_does(room, strict, released):
    hand_in(room, "honest", solved(released))
    hand_in(room, "memorizes", solved(released, double=ONLY_WHAT_IS_TESTED))
    assert {s: o.score for s, o in grade_class(room).items()} == {"honest": 5, "memorizes": 5}
    again = grade_class(strict)  # the tests are part of what decides a verdict
    assert {s: o.score for s, o in again.items()} == {"honest": 5, "memorizes": 2}
    assert again["honest"].max_score == 5
    (change,) = again["memorizes"].changes
    assert (change.exercise, change.before, change.after) == ("test_double", 3, 0)
    (strict.tests / TINY / "test_double.py").write_text("pass")
    assert grade_class(strict)["memorizes"].score == 5


def test_feedback_shows_the_message_and_not_the_source(strict, released):
    hand_in(strict, "memorizes", solved(released, double=ONLY_WHAT_IS_TESTED))
    grade_class(strict)
    text = page(strict, "memorizes")
    assert "privately: double" in text
    assert "double(100)" not in text and "BEGIN HIDDEN" not in text
    graded = nbformat.read(strict.autograded("memorizes", NOTEBOOK), as_version=4)
    assert SECRET in graded.cells[index_of(graded, "test_double")].source  # for manual graders


def test_the_students_process_never_has_them(strict, released):
    # Words are written backwards, so that the answer does not find itself.
    sees = "'{}'[::-1] in repr(globals())"
    only_setup = f"{sees.format('htam')} and not {sees.format('yletavirp')}"
    hand_in(strict, "peeks", solved(released, double=f"2 * x if {only_setup} else 0"))
    assert grade_class(strict)["peeks"].score == 5


@pytest.mark.slow
def test_a_setting_serves_this_grader_and_stock_nbgrader(
    tiny_course, tmp_path, tests, released, monkeypatch
):
    root = tmp_path / "course"
    for folder in ("solutions", "notebooks"):
        shutil.copytree(tiny_course / folder, root / folder)
    config = (tiny_course / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(f'{config}\nc.Examiner.tests = "../private"\n')
    before = (root / "notebooks" / TINY / f"{TINY}.ipynb").read_bytes()
    monkeypatch.chdir(root)
    room = find_class()
    hand_in(room, "memorizes", solved(released, double=ONLY_WHAT_IS_TESTED))
    nbgrader(root, "generate_assignment", TINY, "--force")
    assert (root / "notebooks" / TINY / f"{TINY}.ipynb").read_bytes() == before
    nbgrader(root, "autograde", TINY)
    with open_gradebook(room) as gradebook:
        assert gradebook.find_submission(TINY, "memorizes").score == 2
    assert grade_class(room)["memorizes"].score == 2


def test_the_autograder_for_gradescope_brings_them(strict):
    files = dict(_autograder(strict, TINY, "visible"))
    assert files[f"course/private-tests/{TINY}/test_double.py"].decode() == SECRET


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("tiny/test_gone.py", "pass", r"test_gone.py belongs to no test of tiny.*test_double.py"),
        ("tiny/double.py", "pass", "double.py belongs to no test"),
        ("tiny/test_double.txt", "pass", "test_double.txt belongs to no test"),
        ("tiny/test_half.py", "assert (", "test_half.py is not Python"),
        ("tiny/test_half.py", "\n%%time\npass", "begins with a cell magic"),
        ("tiny/test_half.py", "### BEGIN HIDDEN TESTS\npass", "leave the HIDDEN TESTS markers out"),
        ("tyni/test_half.py", "pass", "tyni is the folder of no assignment"),
        ("test_half.py", "pass", "the folder of no assignment"),
    ],
)
def test_a_file_that_is_no_test_is_refused_before_anything_is_graded(
    strict, released, name, content, complaint
):
    hand_in(strict, "ada", solved(released))
    path = strict.tests / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    with pytest.raises(GradingError, match=complaint):
        grade(strict, TINY, Options())
    assert not (strict.folder / "autograded").exists()


def test_a_folder_that_is_missing_is_named(tiny_course, tmp_path, released):
    room = Classroom(tiny_course, tmp_path / "class", tests=tmp_path / "gone")
    hand_in(room, "ada", solved(released))
    with pytest.raises(GradingError, match=r"There is no folder .*gone"):
        grade(room, TINY, Options())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assert f", "assert f\n### BEGIN HIDDEN TESTS\nmine\n### END HIDDEN TESTS"),
        ("n = 1\n2 * n", "n = 1\n### BEGIN HIDDEN TESTS\nmine\n### END HIDDEN TESTS\n2 * n"),
        (
            "%matplotlib inline\n%time f(1)\n2",
            "%matplotlib inline\n%time f(1)\n### BEGIN HIDDEN TESTS\nmine\n### END HIDDEN TESTS\n2",
        ),
        (
            "\n%%time\nf(1)\n2",
            "\n%%time\nf(1)\n### BEGIN HIDDEN TESTS\nmine\n### END HIDDEN TESTS\n2",
        ),
        (
            "### BEGIN HIDDEN TESTS\nn = 1\n2 * n\n### END HIDDEN TESTS",
            "### BEGIN HIDDEN TESTS\nn = 1\nmine\n2 * n\n### END HIDDEN TESTS",
        ),
    ],
)
def test_partial_credit_stays_the_last_value(source, expected):
    notebook = nbformat.v4.new_notebook(cells=[cell(source, "t", grade=True, locked=True)])
    assert add_tests(notebook, {"t": "mine"}).cells[0].source == expected
