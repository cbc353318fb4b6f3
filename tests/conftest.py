"""Fixtures around the tiny course of `tiny.py`.

Who asks for it imports it: tests of `lab` need neither nbgrader nor the examiner.
"""

import shutil

import nbformat
import pytest


@pytest.fixture
def engine():
    """The engine of this process, which grading uses, too."""
    from autograder.examiner.engine import shared_engine
    from autograder.examiner.sandbox import SandboxUnavailable

    try:
        return shared_engine()
    except SandboxUnavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory):
    import tiny

    root = tmp_path_factory.mktemp("course")
    tiny.make_course(root)
    return root


@pytest.fixture
def room(tiny_course, tmp_path):
    from autograder.grading.classroom import Classroom

    return Classroom(tiny_course, tmp_path / "class")


@pytest.fixture
def released(tiny_course):
    return nbformat.read(tiny_course / "notebooks/tiny/tiny.ipynb", as_version=4)


@pytest.fixture
def instructor(tiny_course):
    return nbformat.read(tiny_course / "solutions/tiny/tiny.ipynb", as_version=4)


@pytest.fixture
def own(tiny_course, tmp_path):
    """A class with a copy of the course, which a test may change."""
    from autograder.grading.classroom import Classroom

    root = tmp_path / "course"
    for folder in ("solutions", "notebooks"):
        shutil.copytree(tiny_course / folder, root / folder)
    shutil.copy(tiny_course / "nbgrader_config.py", root)
    return Classroom(root, root / "classroom")
