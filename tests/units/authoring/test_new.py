"""A new assignment works before its author has changed anything."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.authoring import points
from autograder.authoring.build import build, check
from autograder.authoring.new import create
from autograder.authoring.sources import AuthoringError
from autograder.cli import app
from autograder.grading import demo
from autograder.grading.classroom import Classroom, NotebookRef

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "autograder/authoring/GUIDE.md"
NAME = "07-pooling"  # the example of the guide
CLOSING = "# %% [markdown]\n# ## What you can do now\n"


def quiet(line):
    """Takes progress that a test does not look at."""


def in_style(folder):
    """What Ruff says of the files in a folder; nothing if they are as the course wants them."""
    said = ""
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        ruff = [sys.executable, "-m", "ruff", *command, "."]
        done = subprocess.run(ruff, cwd=folder, capture_output=True, text=True, check=False)
        said += done.stdout + done.stderr
    return said


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The course without its assignments."""
    root = tmp_path_factory.mktemp("course")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "autograder", root / "autograder", ignore=ignore)
    (root / "data").symlink_to(ROOT / "data")
    (root / "solutions").mkdir()
    (root / "tests/catalogue").mkdir(parents=True)
    files = ["nbgrader_config.py", "pyproject.toml"]
    for file in [*files, "tests/catalogue/packed.py", "tests/catalogue/test_catalogue.py"]:
        shutil.copy(ROOT / file, root / file)
    return root


@pytest.fixture(scope="module")
def started(bare):
    """The same course after `autograder new`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(bare / "tests")
        result = CliRunner().invoke(app, ["new", NAME])
    assert result.exit_code == 0, result.output
    return bare


@pytest.fixture(scope="module")
def built(started):
    """The same course after `autograder build`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(started))
        assert build(started, [NAME], quiet) == []
    return started


@pytest.mark.parametrize(
    "name",
    ["style", "7-style", "07_style", "07-Style", "07-style-", "../07-style", "07-" + 33 * "x"],
)
def test_an_id_that_is_no_number_and_words_is_refused(tmp_path, name):
    with pytest.raises(AuthoringError, match="an id has two digits, then words"):
        create(tmp_path, name)
    assert not any(tmp_path.iterdir())


def test_a_word_of_python_is_no_name_for_a_module(bare):
    with pytest.raises(AuthoringError, match="cannot be called `class`"):
        create(bare, "07-class")


def test_an_existing_assignment_is_left_alone(started):
    source = started / "solutions" / f"{NAME}.py"
    before = source.read_text()
    checks = started / "autograder/lab/checks"
    (checks / "pooling.py").rename(started / "aside.py")
    (checks / "pooling.toml").rename(started / "aside.toml")
    try:
        with pytest.raises(AuthoringError, match=f"solutions/{NAME}.py: exists"):
            create(started, NAME)
        assert not (checks / "pooling.py").exists()
    finally:
        (started / "aside.py").rename(checks / "pooling.py")
        (started / "aside.toml").rename(checks / "pooling.toml")
    assert source.read_text() == before


def test_another_assignments_check_module_is_left_alone(bare):
    with pytest.raises(AuthoringError, match=r"checks/zero_insertion\.py: exists"):
        create(bare, "08-zero-insertion")
    assert not (bare / "solutions/08-zero-insertion.py").exists()


def test_the_files_keep_the_style_of_the_course_with_the_longest_id(bare, tmp_path):
    shutil.copytree(bare / "autograder", tmp_path / "autograder")
    shutil.copy(bare / "pyproject.toml", tmp_path)
    create(tmp_path, "07-" + 32 * "x")
    assert in_style(tmp_path) == ""


def test_it_builds_and_nothing_differs_from_its_source(built):
    assert check(built, [], quiet) == []
    assert points.accepted(built) == {NAME: {"test_average_pool": 4}}
    assert (built / "notebooks" / f"{NAME}.png").stat().st_size > 1000


def test_the_demo_class_hands_it_in(built, tmp_path):
    demo.create_class(Classroom(built, tmp_path), NotebookRef(NAME))
    handed_in = [*tmp_path.glob(f"submitted/*/{NAME}/{NAME}.ipynb")]
    assert len({path.read_text() for path in handed_in}) > 5


# The guide's example, put to where the guide says


@pytest.fixture(scope="module")
def followed(built):
    """The built course with the exercise that the guide adds, built again."""
    guide = GUIDE.read_text()
    for block in re.findall(
        r"^   ```(?:python|toml)\n(.*?)^   ```$", guide, re.MULTILINE | re.DOTALL
    ):
        place, text = textwrap.dedent(block).split("\n", 1)
        file, where = re.fullmatch(
            r"# (\S+), (at the end|a new file|above the cell .*)", place
        ).groups()
        path = built / file
        if where.startswith("above"):
            before, cell, after = path.read_text().partition(CLOSING)
            path.write_text(f"{before}{text}\n{cell}{after}")
        elif where == "at the end":
            path.write_text(f"{path.read_text()}\n\n{text}")
        else:
            path.parent.mkdir()
            path.write_text(text)
    for name, line in re.findall(r"\| `(\w+\.py)` \| `(return .*)` \|", guide):
        path.with_name(name).write_text(re.sub("return .*", line, path.read_text()))
    assert "without it" in guide and "is new" in str(build(built, [NAME], quiet))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(built))
        assert build(built, [NAME], quiet, accept=True) == []
    return built


def test_the_guides_exercise_builds(followed):
    assert check(followed, [], quiet) == []
    assert points.accepted(followed) == {NAME: {"test_average_pool": 4, "test_block_std": 3}}
    assert in_style(followed) == ""


def test_checks_and_catalogue_of_the_template_and_of_the_guide_hold(followed):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(
        command,
        cwd=followed,
        env={**os.environ, "PYTHONPATH": str(followed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "21 passed" in done.stdout  # 4 + 1 of the checks, 7 + 6 answers, 3 of the catalogue
