"""The names of the gradebook's students."""

import pytest
from nbgrader.api import Student

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.people import full_name, left, write_roster


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("Ada", None, "Ada"),
        ("", "Lovelace", "Lovelace"),
        (None, None, ""),
        (" ", "", ""),
    ],
)
def test_a_name_has_the_parts_that_there_are(first, last, name):
    assert full_name(Student(id="s1", first_name=first, last_name=last)) == name


def test_a_newer_roster_replaces_its_own_section_and_no_other(tmp_path):
    room = Classroom(tmp_path, tmp_path)
    everyone = ["ada", "ben", "cy", "dora", "eve", "fay"]
    assert left(room, everyone) == []
    write_roster(room, ["ada", "ben", "cy"])
    write_roster(room, ["dora", "eve"])
    assert left(room, everyone) == ["fay"]
    write_roster(room, ["ada", "ben", "fay", "gus"])  # the first section a week later
    assert left(room, everyone) == ["cy"]
