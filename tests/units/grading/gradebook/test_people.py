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


def test_a_short_list_from_a_roster_changes_nothing(tmp_path):
    room = Classroom(tmp_path, tmp_path)
    everyone = [f"s{number}" for number in range(6)]
    write_roster(room, everyone)
    before = (tmp_path / "roster.txt").read_bytes()
    for count in (1, 2, 3):
        write_roster(room, everyone[:count])
        assert (tmp_path / "roster.txt").read_bytes() == before
    write_roster(room, everyone[:4])  # two have left
    assert left(room, everyone) == everyone[4:]


def test_a_section_that_takes_in_a_few_of_another_leaves_it_as_it_is(tmp_path):
    room = Classroom(tmp_path, tmp_path)
    first = [f"s{number}" for number in range(6)]
    write_roster(room, first)
    write_roster(room, ["s0", "s1", "ben"])
    assert left(room, [*first, "ben", "cy"]) == ["cy"]
