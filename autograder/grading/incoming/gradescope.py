"""Reads whose each submission of a Gradescope export is, and when it was handed in.

An export holds a folder `submission_4711` for each submission, and beside them
`submission_metadata.yml`, which names the submitters of each: several where a group handed in.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from autograder.grading.classroom import GradingError
from autograder.grading.incoming.archives import at_the_top
from autograder.grading.incoming.origins import Origin, is_safe_id

METADATA = "submission_metadata.yml"
_EXPORT = re.compile(r"assignment_[0-9]+_export")


@dataclass(frozen=True)
class Handed:
    """A submission of an export.

    Attributes:
        submitters: Who handed it in.
        at: When; None if the export does not say it with a time zone.
    """

    submitters: tuple[Origin, ...]
    at: datetime | None


def read_export(source: Path) -> dict[tuple[str, ...], Handed]:
    """For the folder of each submission, who handed it in; empty if this is no export.

    Raises:
        GradingError: The export's list of submissions cannot be read.
    """
    found = at_the_top(source, METADATA, _EXPORT)
    if found is None:
        return {}
    where, content = found
    try:
        listed = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return {(*where, str(folder)): _handed(folder, said) for folder, said in listed.items()}
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise GradingError(f"{METADATA} in {source} is damaged; export it again.") from error


def _handed(folder: str, said: dict[str, Any]) -> Handed:
    at = said.get(":created_at")
    known = isinstance(at, datetime) and at.tzinfo is not None
    people = tuple(_origin(folder, person) for person in said.get(":submitters") or [])
    return Handed(people, at if known else None)


def _origin(folder: str, person: dict[str, Any]) -> Origin:
    number, email, name = (str(person.get(f":{key}") or "") for key in ("sid", "email", "name"))
    login = next((text for text in (number, email) if is_safe_id(text)), "")
    return Origin("gradescope", email or number or name, name, folder, login=login)
