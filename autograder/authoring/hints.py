"""Judges the tables that say which hint of a task helps with which findings; `problems` is all.

They stand beside the sentences of the checks; see `autograder.lab.findings`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder import cells
from autograder.authoring import points
from autograder.authoring.sources import Problem, Source
from autograder.lab.findings import HINTS, SHARED


def problems(root: Path, source: Source) -> Iterator[Problem]:
    """What is wrong in the tables of hints of one source's check module."""
    module = points.check_module(root, source)
    file = module.with_suffix(".toml") if module else None
    if not file or not file.exists():
        return
    place = file.relative_to(root).as_posix()
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        yield Problem(place, "", f"it is not TOML: {error}.")
        return
    of_all = {*tomllib.loads(SHARED.read_text(encoding="utf-8")), *tables.get("shared", {})}
    for exercise, table in tables.items():
        if isinstance(table, dict) and HINTS in table:
            kinds = (of_all | table.keys()) - {HINTS}
            for wrong in _wrong(table[HINTS], kinds, _number_of_hints(source, exercise)):
                yield Problem(place, "", f"`{HINTS}` of `{exercise}` {wrong}")


def _wrong(lists: Any, kinds: set[str], due: int) -> Iterator[str]:
    """What is wrong in one table of hints.

    Args:
        lists: The table.
        kinds: Those that have a sentence.
        due: How many hints the task has.
    """
    if not isinstance(lists, list) or not all(isinstance(own, list) for own in lists):
        yield 'should hold a list of kinds for each hint, such as [["values"], []].'
        return
    if len(lists) != due:
        yield f"should hold {due} lists, one for each hint of the task, but it holds {len(lists)}."
    named = Counter(str(kind) for own in lists for kind in own)
    for kind, count in named.items():
        if kind not in kinds and not re.fullmatch(r"raises-[A-Za-z]\w*", kind):
            yield f"names the kind `{kind}`, which has no sentence here or in shared.toml."
        if count > 1:
            yield f"names the kind `{kind}` {count} times: which hint helps with it?"


def _number_of_hints(source: Source, exercise: str) -> int:
    """How many hints the task above an exercise's answer has; set-up cells may stand between."""
    task = ""
    for cell in source.cells:
        if cell.kind == "solution" and cell.name == exercise:
            return len([*cells.hints(task[max(task.rfind("### Exercise"), 0) :])])
        if cell.kind != "set-up":
            task = f"{task}\n{cell.text}" if cell.kind == "prose" else ""
    return 0
