"""Finds out what the columns of a Moodle grading worksheet are, in whatever language it is.

Moodle writes the titles in the language of whoever downloads the worksheet, but always the same
columns in the same order: the participant, the full name unless grading is anonymous, what else
identifies people, the status, the team and the marker where there are such, the grade, the maximum
grade. So what stands in the cells tells what a column is. `roster` calls `english_titles`.
"""

import re
from collections.abc import Sequence

from autograder.grading.incoming.origins import is_safe_id

_PARTICIPANT = re.compile(r"(\D*[^\W\d_]\D*)(\d+)")
_NUMBER = re.compile(r"\d+([.,]\d+)?")


def english_titles(rows: list[list[str]]) -> list[str] | None:
    """A title for each column, as a worksheet in English has it; None if it is no worksheet.

    A column between what identifies people and the grade is called "group", because it may be that:
    the status, the team and the marker cannot be told apart.

    Args:
        rows: The rows below the header, all of one length.
    """
    columns = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    if not columns or not _are_participants(columns[0]):
        return None
    maxima = [
        place
        for place in range(3, len(columns))
        if _is_maximum(columns[place]) and _are_grades(columns[place - 1], columns[place][0])
    ]
    if not maxima:
        return None
    grade = maxima[-1] - 1
    titles = [""] * len(columns)
    titles[0], titles[grade], titles[grade + 1] = "identifier", "grade", "maximum grade"
    after = 1
    if grade > 2 and 2 * len({*columns[1]}) > len(rows):  # a status stands in many rows
        titles[1], after = "full name", 2
    emails = [place for place in range(after, grade) if _are_emails(columns[place])]
    if emails:
        titles[emails[0]] = "email address"
    before = emails[0] if emails else grade - 1
    for place in range(after, before):
        if _are_ids(columns[place], beside_emails=bool(emails)):
            titles[place] = "id number"
            break
    identified = [place for place in range(grade) if titles[place]]
    for place in range(identified[-1] + 1, grade):
        titles[place] = "group"
    return titles


def value(points: str) -> float | None:
    """Points as Moodle writes them, with a point or a comma; None if it is no number."""
    text = points.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _are_participants(column: Sequence[str]) -> bool:
    """One word in front of a number, which only one row has."""
    found = [_PARTICIPANT.fullmatch(cell) for cell in column]
    words, numbers = {f[1] for f in found if f}, {f[2] for f in found if f}
    return all(found) and len(words) == 1 and len(numbers) == len(column)


def _is_maximum(column: Sequence[str]) -> bool:
    return bool(value(column[0])) and len({*column}) == 1


def _are_grades(column: Sequence[str], most: str) -> bool:
    highest = value(most) or 0.0
    return all(
        cell in ("", "-") or ((points := value(cell)) is not None and points <= highest)
        for cell in column
    )


def _are_emails(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and all(re.fullmatch(r"[^@\s]+@[^@\s]+", cell) for cell in filled)


def _are_ids(column: Sequence[str], beside_emails: bool) -> bool:
    """Words that each name one person; without an address beside them, they have digits."""
    filled = [cell for cell in column if cell]
    alike = beside_emails or all(re.search(r"\d", cell) for cell in filled)
    safe = all(is_safe_id(cell) for cell in filled)
    return bool(filled) and alike and safe and len({*filled}) == len(filled)
