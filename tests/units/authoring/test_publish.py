"""A course names the repository that it was published to everywhere, and no other anywhere."""

import tomllib
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.authoring.drift import drift
from autograder.authoring.new import create
from autograder.authoring.package import pack_students
from autograder.authoring.publish import Repository, publish, repository
from autograder.authoring.rules import address_problems
from autograder.authoring.sources import AuthoringError, assignments, read
from autograder.cli import app

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NAME = "01-zero-insertion"
SOURCE, EXECUTED = f"solutions/{NAME}.py", f"solutions/{NAME}/{NAME}.ipynb"
RELEASED = f"notebooks/{NAME}/{NAME}.ipynb"
FILES = ["pyproject.toml", "README.md", SOURCE, EXECUTED, RELEASED]
HOME = Repository("some-school/upsampling")


def texts(root):
    return {file: (root / file).read_text() for file in FILES}


def problems(root):
    found = [p for file in ("README.md", SOURCE) for p in address_problems(root, file)]
    return "\n".join(map(str, [*found, *drift(root, read(root, NAME))]))


def replace(root, file, old, new):
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))


@pytest.mark.parametrize("file", ["README.md", *(f"solutions/{n}.py" for n in assignments(ROOT))])
def test_the_course_names_its_own_repository_alone(file):
    assert [*map(str, address_problems(ROOT, file))] == []


def test_a_course_without_a_repository_has_no_badge_and_installs_nothing(first):
    assert repository(first) is None and problems(first) == ""
    for text in texts(first).values():
        assert "colab.research" not in text and "mybinder" not in text
        assert "git+" not in text and "subprocess" not in text
    readme = (pack_students(first, first / "package").folder / "README.md").read_text()
    assert "colab.research" not in readme


def test_a_published_course_names_its_repository_everywhere(first):
    done = publish(first, HOME)
    assert (sorted(done.changed), done.stale) == (sorted(FILES), ())
    assert repository(first) == HOME and problems(first) == ""
    project = tomllib.loads((first / "pyproject.toml").read_text())["project"]
    assert project["urls"] == {"Repository": "https://github.com/some-school/upsampling"}
    for file in FILES[1:]:
        own = RELEASED.replace("notebooks/", "my-work/")
        badges = f"some-school/upsampling/blob/main/{RELEASED}", f"HEAD?urlpath=lab/tree/{own}"
        assert all(badge in (first / file).read_text() for badge in badges), file
    for file in FILES[2:]:
        install = "autograder[course] @ git+https://github.com/some-school/upsampling"
        assert install in (first / file).read_text(), file


def test_executed_notebooks_keep_their_outputs(first):
    publish(first, HOME)
    cells = nbformat.read(first / EXECUTED, as_version=4).cells
    shown = [o.text for cell in cells for o in cell.get("outputs", [])]
    assert shown == ["what the set-up cell printed\n"]


def test_publishing_twice_changes_nothing(first):
    publish(first, HOME)
    before = texts(first)
    assert publish(first, HOME).changed == ()
    assert texts(first) == before


def test_another_repository_replaces_the_first(first):
    publish(first, Repository("other/fork"))
    assert publish(first, HOME).stale == ()
    once = texts(first)
    assert not any("other/fork" in text for text in once.values())
    assert problems(first) == ""
    assert all(text.count("[![Binder]") == 1 for text in [*once.values()][1:])


@pytest.mark.parametrize(
    "name",
    [
        "", "course", "a/b/c", "/course", "school/", "-school/course", "school/..", "school/a b",
        "school/course.git", "https://github.com/school/course", 'school/"; import os', "école/a",
        "school/course\n", "a--b/course",
    ],
)  # fmt: skip
def test_a_malformed_name_is_refused(first, name, monkeypatch):
    monkeypatch.chdir(first)
    before = texts(first)
    result = CliRunner().invoke(app, ["publish", "--repository", name])
    assert result.exit_code == 1 and "is not OWNER/NAME" in result.output
    assert texts(first) == before


def test_a_notebook_that_was_not_as_its_source_waits_for_a_build(first, monkeypatch):
    replace(first, SOURCE, "# **Time**: about", "# **Time**: roughly")
    before = texts(first)
    monkeypatch.chdir(first)
    result = CliRunner().invoke(app, ["publish", "--repository", HOME.name])
    assert result.exit_code == 0 and f"Next: `autograder build {NAME}`." in result.output
    assert (first / EXECUTED).read_text() == before[EXECUTED]
    assert (first / RELEASED).read_text() == before[RELEASED]


def test_the_command_says_what_it_changed(first, monkeypatch):
    monkeypatch.chdir(first)
    command = ["publish", "--repository", HOME.name]
    said = CliRunner().invoke(app, command).output
    assert sorted(said.splitlines()) == sorted(f"✓ {file}" for file in FILES)
    said = CliRunner().invoke(app, command).output
    assert said == "✓ Everything names some-school/upsampling already.\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (SOURCE, "github/some-school/up", "github/other/up", f"{SOURCE}:16: `colab.research"),
        (
            SOURCE,
            "git+https://github.com/some",
            "git+https://git.example.org/some",
            ": `git+https://git.",
        ),
        (SOURCE, "autograder[course] @ ", "", 'course = "autograder[course] @ git+'),
        (SOURCE, "# [![Binder]", "# ![Binder]", f"{SOURCE}:17: `# [![Binder]"),
        ("README.md", "v2/gh/some-school", "v2/gh/other", "README.md:4: `mybinder.org/v2/gh/other"),
        ("pyproject.toml", "some-school", "other", "which names https://github.com/other/up"),
    ],
)
def test_what_another_hand_changed_is_found(first, file, old, new, says):
    publish(first, HOME)
    replace(first, file, old, new)
    assert says in problems(first)


def test_an_address_that_was_not_published_is_found(first):
    replace(first, "README.md", "## Students", "git+https://github.com/some/course\n## Students")
    assert "is not the repository of pyproject.toml, which names none" in problems(first)


def test_a_repository_elsewhere_is_refused(first):
    publish(first, HOME)
    replace(first, "pyproject.toml", "github.com", "git.example.org")
    with pytest.raises(AuthoringError, match="does not begin with"):
        repository(first)


def test_a_new_assignment_names_the_repository(first):
    publish(first, HOME)
    create(first, "07-pooling")
    assert [*address_problems(first, "solutions/07-pooling.py")] == []
    assert "@ git+https://github.com/some-school" in (first / "solutions/07-pooling.py").read_text()


def test_the_students_package_names_the_repository(first):
    publish(first, HOME)
    folder = pack_students(first, first / "package").folder
    assert repository(folder) == HOME
    assert f"some-school/upsampling/blob/main/{RELEASED}" in (folder / "README.md").read_text()
    assert (folder / RELEASED).read_text() == (first / RELEASED).read_text()
