"""The names of the gradebook's students."""

import pytest
from nbgrader.api import Student

from autograder.grading.gradebook.people import full_name


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
