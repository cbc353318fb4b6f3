"""The names of the gradebook's students, as every page, table and export shows them."""

from typing import Any


def full_name(student: Any) -> str:
    """First and last name of nbgrader's `Student`, joined by a blank; empty if there is none.

    Names come from rosters and downloads: whoever shows one in markup escapes it.
    """
    names = (student.first_name, student.last_name)
    return " ".join(word for name in names for word in (name or "").split())
