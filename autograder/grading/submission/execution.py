"""Has the examiner run a sanitized notebook, and writes what came of it into the cells.

Besides its outputs, a cell gets the finding that this run's judge reported, as
`metadata.autograder.finding`: `finding_of` reads it for reports and exports.

Set-up, solution and grade cells run, and every cell that a student added or changed. A cell of the
author's that is none of these and stands unchanged is skipped and keeps the output that the student
saved; if other code then lacks a name that a skipped cell defines, everything is run. A prediction
never is, whatever the student guessed.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import cells
from autograder.examiner.engine import NO_FILES, Engine
from autograder.examiner.job import Cell, Error, Examined, Limits, Result, Role
from autograder.lab.findings import EARLIER, Finding, one_line

# How a test failed whose error has this name, where a version without findings ran it.
_EARLIER = {
    "AnswerLost": "wrong",
    "AssertionError": "wrong",
    "CheckFailed": "wrong",
    "NotAttempted": "not attempted",
    "NotImplementedError": "not attempted",
    "Stopped": "stopped",
}
_SAVED = "(Saved by the student; this cell was not run again.)\n"


@dataclass(frozen=True)
class Executed:
    """What came of a notebook.

    Attributes:
        notebook: With its outputs.
        seconds: What its identified cells took, by their ids.
        by_clock: As `job.Examined` says: if True, this is no verdict yet.
    """

    notebook: NotebookNode
    seconds: dict[str, float]
    by_clock: bool


def execute(
    notebook: NotebookNode,
    engine: Engine,
    limits: Limits,
    seed: int,
    full: bool = False,
    seconds: Mapping[str, float] = MappingProxyType({}),
    files: Mapping[str, str] = NO_FILES,
) -> Executed:
    """Run a notebook; outputs are written into `notebook`.

    Args:
        notebook: A sanitized notebook.
        engine: Runs it.
        limits: Bounds on its run.
        seed: The hidden tests draw their inputs from it.
        full: Run the cells that no verdict needs, too.
        seconds: What identified cells may take, by their ids; others have what `limits` say.
        files: Texts by name, for the working directory of the student's process.
    """

    def examine(code: list[NotebookNode], limits: Limits) -> Examined:
        made = [Cell(_role(c), c.source, seconds.get(cells.grade_id(c))) for c in code]
        return engine.examine(made, limits, seed, files)

    written = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    guesses = [c for c in written if cells.role(c) == "prediction"]
    code = [c for c in written if cells.role(c) != "prediction"]
    skipped = [] if full else [c for c in code if cells.is_given(c)]
    left_out = {id(cell) for cell in skipped}
    run = [cell for cell in code if id(cell) not in left_out]
    examined = examine(run, limits.for_everything() if full else limits)
    if examined.missing & {name for cell in skipped for name in cells.names(cell.source).defines}:
        run, skipped = code, []
        examined = examine(run, limits.for_everything())
    ran = list(zip(run, examined.results, strict=True))
    for count, (cell, result) in enumerate(ran, 1):
        cell.execution_count = count
        finding = _finding(cell, result)
        cell.outputs = _outputs(cell, result, finding)
        if finding:
            own = cell.metadata.get("autograder", {})
            cell.metadata.autograder = {**own, "finding": finding.to_data()}
    for cell in [*skipped, *guesses]:
        if cell.outputs:
            cell.outputs.insert(0, new_output("stream", name="stdout", text=_SAVED))
    took = {cells.grade_id(cell): result.seconds for cell, result in ran if cells.grade_id(cell)}
    return Executed(notebook, took, examined.by_clock)


def finding_of(cell: Mapping[str, Any]) -> Finding | None:
    """What was found when a graded notebook's cell was run; None if nothing was.

    A notebook that was graded by a version without findings has errors only: their text, as it is,
    becomes a finding of the kind `EARLIER`.
    """
    with suppress(ValueError):
        return Finding.from_data(cell.get("metadata", {}).get("autograder", {}).get("finding"))
    errors = [o for o in cell.get("outputs", []) if o["output_type"] == "error"]
    if not errors:
        return None
    outcome = _EARLIER.get(errors[0]["ename"], "raises")
    first, *rest = errors[0]["evalue"].split("\n")
    return Finding(
        cells.exercise(cell), outcome, EARLIER, one_line(first) or "It failed.", remarks=tuple(rest)
    )


def _role(cell: NotebookNode) -> Role:
    roles: dict[str, Role] = {"set-up": "setup", "grade": "grade"}
    return roles.get(cells.role(cell), "student")


def _finding(cell: NotebookNode, result: Result) -> Finding | None:
    """Why a test failed, or why a cell has no result."""
    exercise = cells.exercise(cell)
    if result.stopped:
        return Finding(exercise, "stopped", result.stopped.kind, result.stopped.sentence)
    if result.error is None:
        no_verdict = Finding(exercise, "stopped", "no-verdict", "This cell has no verdict.")
        return None if result.ended else no_verdict
    if _role(cell) != "grade":
        return None
    with suppress(ValueError):
        return replace(Finding.from_data(result.error.finding), exercise=exercise)
    return Finding(exercise, "wrong", "unknown", one_line(result.error.value) or "It failed.")


def _outputs(cell: NotebookNode, result: Result, finding: Finding | None) -> list[NotebookNode]:
    """A cell's outputs; what a grade cell prints on standard error costs it nothing."""
    graded = _role(cell) == "grade"
    outputs = []
    for name in ("stdout", "stderr"):
        if text := result.printed.get(name):
            shown_as = "stdout" if graded else name
            outputs.append(new_output("stream", name=shown_as, text=text))
    for shown in result.shown:
        kind = shown.output_type
        count = {"execution_count": cell.execution_count} if kind == "execute_result" else {}
        outputs.append(new_output(kind, data=shown.data, **count))
    error = None if result.stopped else result.error
    if error and error.name == "Stopped":  # the grader's own word for a cell without a verdict
        error = replace(error, name="StoppedError")
    if finding and not error:
        error = Error("Stopped", finding.sentence)
    if error:
        outputs.append(_error(error, finding))
    return outputs


def _error(error: Error, finding: Finding | None) -> NotebookNode:
    """An error as pages show it: a finding looks as it does in a student's notebook."""
    lines = error.traceback or [f"\x1b[1;31m{error.name}\x1b[0m: {error.value}"]
    if finding and finding.outcome != "stopped":
        first, *rest = finding.text().split("\n")
        lines = [f"\x1b[1;31m{first}\x1b[0m", *rest]
    return new_output("error", ename=error.name, evalue=error.value, traceback=lines)
