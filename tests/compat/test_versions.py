"""`make compat` itself: which Pythons it finds, what it installs, and that a failure is seen."""

import os
import re
import sys

import one_notebook
import pytest
import versions

from autograder.authoring.sources import AuthoringError

SOURCE = """# %% [markdown]
# # Tiny

# %% tags=["raises-exception"]
assert 1 + 1 == {}
"""


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A folder that is the whole path, on a machine without pyenv."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def program(file, script):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def test_a_python_that_is_nowhere_is_not_found(path):
    assert versions.interpreter("3.99") is None


def test_a_python_on_the_path_is_found(path):
    there = program(path / "python3.99", "echo 3.99")
    assert versions.interpreter("3.99") == there


def test_a_python_that_does_not_start_is_passed_over_for_that_of_pyenv(path):
    program(path / "python3.99", "echo 3.99 is not selected >&2; exit 127")
    there = program(path / "pyenv/versions/3.99.1/bin/python", "echo 3.99")
    assert versions.interpreter("3.99") == there


def test_a_python_of_another_version_is_passed_over(path):
    os.symlink(sys.executable, path / "python3.99")
    assert versions.interpreter("3.99") is None


def test_the_newest_packages_are_the_pinned_ones_without_versions():
    names = re.findall(r"^([\w-]+)==[\w.]+", versions.requirements("pinned"), re.MULTILINE)
    newest = versions.requirements("newest")
    assert {"tensorflow", "numpy", "nbgrader"} <= set(names)
    assert "-r " not in newest
    assert re.findall(r"^([\w-]+)(?:;.*)?$", newest, re.MULTILINE) == names


def test_a_failing_step_is_reported_by_its_last_line():
    with pytest.raises(versions.Failed, match=r"^no such package$"):
        versions.run(["sh", "-c", "echo 'many lines\nno such package' >&2; exit 1"])
    with pytest.raises(versions.Failed, match=r"^exit status 3$"):
        versions.run(["sh", "-c", "exit 3"])


@pytest.mark.parametrize("right", [True, False])
def test_a_grade_cell_that_raises_fails_the_notebook_in_spite_of_its_tag(
    tmp_path, monkeypatch, capsys, right
):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions/01-tiny.py").write_text(SOURCE.format(2 if right else 3))
    monkeypatch.setattr(one_notebook, "ROOT", tmp_path)
    if right:
        one_notebook.main("01-tiny")
        assert 0 < float(capsys.readouterr().out) < 600
    else:
        with pytest.raises(AuthoringError, match=r"cell 2 .* fails when it is executed"):
            one_notebook.main("01-tiny")
