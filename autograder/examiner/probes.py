"""Tries to break the sandbox from inside, for `autograder doctor` and the tests.

Each probe of probes.toml is code that runs where a student's does and prints what it could reach; a
probe that prints nothing was held.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograder.examiner.engine import Engine
from autograder.examiner.job import Cell, Limits

PROBES: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
_ENDED_BY_LIMIT = {"limited memory": "memory", "limited processes": "processes"}
_LIMITS = Limits(cell_seconds=20, memory_megabytes=400, restarts=len(PROBES))


@dataclass(frozen=True)
class Held:
    """What came of a probe.

    Attributes:
        what: The property.
        broken: How it was broken; empty if it held.
    """

    what: str
    broken: str


def probe(engine: Engine) -> list[Held]:
    """Run every probe."""
    cells = [Cell("student", code) for code in PROBES.values()]
    results = engine.examine(cells, _LIMITS, seed=0).results
    held = []
    for what, result in zip(PROBES, results, strict=True):
        said = "".join(result.printed.values()).strip()
        if result.error:
            said += f" {result.error.name}: {result.error.value}"
        if result.stopped and result.stopped.kind == _ENDED_BY_LIMIT.get(what):
            said = ""
        elif result.stopped:
            said += f" {result.stopped.sentence}"
        elif what in _ENDED_BY_LIMIT:
            said = said or "it was not stopped"
        held.append(Held(what, said.strip()))
    return held
