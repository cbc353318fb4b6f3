"""A course folder as a student has it: the released notebooks, and nothing of their source."""

import shutil

import pytest


@pytest.fixture
def course(tiny_course, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(tiny_course / "notebooks", root / "notebooks")
    return root
