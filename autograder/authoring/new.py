"""Writes a new assignment that works and that an author then changes; `autograder new` calls it.

Its files stand in template/ at the places that they take in a course, with `.txt` behind each name,
since they are not code of this package. Words in capitals, in paths and in texts, are filled in.
"""

import keyword
import re
from pathlib import Path

from autograder.authoring.publish import repository, source_text
from autograder.authoring.sources import AuthoringError, Problem
from autograder.files import write_whole

_TEMPLATE = Path(__file__).parent / "template"
_LONGEST = 35  # characters: what the lines of the template have room for


def create(root: Path, assignment: str) -> list[Path]:
    """Write the files of a new assignment; nothing that exists is touched.

    Args:
        root: The course root.
        assignment: Its id, for example "07-style-transfer".

    Returns:
        The new files.

    Raises:
        AuthoringError: The id is malformed, or one of the files exists.
    """
    words = _words(assignment)
    files = {}
    for path in sorted(_TEMPLATE.rglob("*.txt")):
        target = root / _fill(str(path.relative_to(_TEMPLATE).with_suffix("")), words)
        files[target] = _fill(path.read_text(encoding="utf-8"), words)
    source = root / "solutions" / f"{assignment}.py"
    files[source] = source_text(files[source], assignment, repository(root))
    for path in files:
        if path.exists():
            file = str(path.relative_to(root))
            raise AuthoringError(Problem(file, "", f"exists, so {assignment} needs another name."))
    for path, text in files.items():
        write_whole(path, text.encode())
    return [*files]


def _words(assignment: str) -> dict[str, str]:
    """What the template's words in capitals stand for."""
    name = re.fullmatch(r"([0-9]{2})-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)", assignment)
    if not name or len(assignment) > _LONGEST:
        wanted = "two digits, then words of lower-case letters and digits, all joined by hyphens"
        message = f"an id has {wanted}, at most {_LONGEST} characters: 07-style-transfer."
        raise AuthoringError(Problem(f"`{assignment}`", "", message))
    module = name[2].replace("-", "_")
    if keyword.iskeyword(module):
        message = f"its check module cannot be called `{module}`, a word of Python's own."
        raise AuthoringError(Problem(f"`{assignment}`", "", message))
    return {
        "ASSIGNMENT": assignment,
        "MODULE": module,
        "NUMBER": str(int(name[1])),
        "TITLE": name[2].replace("-", " ").capitalize(),
    }


def _fill(text: str, words: dict[str, str]) -> str:
    return re.sub(r"[A-Z]{4,}", lambda found: words.get(found[0], found[0]), text)
