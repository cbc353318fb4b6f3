"""Has the examiner run a sanitized notebook, and writes what came of it into the cells.

Set-up, solution and grade cells run, and every cell that a student added or changed. A cell of the
author's that is none of these and stands unchanged is skipped and keeps the output that the student
saved; if other code then lacks a name that a skipped cell defines, everything is run.
"""

from dataclasses import replace

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import cells
from autograder.examiner.engine import Engine
from autograder.examiner.job import Cell, Error, Limits, Result, Role

_SAVED = "(Saved by the student; the cell is the author's and was not run again.)\n"


def execute(
    notebook: NotebookNode, engine: Engine, limits: Limits, seed: int, full: bool = False
) -> NotebookNode:
    """Run a notebook; outputs are written into `notebook`, which is returned.

    Args:
        notebook: A sanitized notebook.
        engine: Runs it.
        limits: Bounds on its run.
        seed: The hidden tests draw their inputs from it.
        full: Run the cells that no verdict needs, too.
    """
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    skipped = [] if full else [c for c in code if cells.is_given(c)]
    left_out = {id(cell) for cell in skipped}
    run = [cell for cell in code if id(cell) not in left_out]
    results, missing = _examine(run, engine, limits.for_everything() if full else limits, seed)
    if missing & {name for cell in skipped for name in cells.names(cell.source).defines}:
        run, skipped = code, []
        results, _ = _examine(run, engine, limits.for_everything(), seed)
    for count, (cell, result) in enumerate(zip(run, results, strict=True), 1):
        cell.execution_count = count
        cell.outputs = _outputs(cell, result)
    for cell in skipped:
        if cell.outputs:
            cell.outputs.insert(0, new_output("stream", name="stdout", text=_SAVED))
    return notebook


def _examine(
    code: list[NotebookNode], engine: Engine, limits: Limits, seed: int
) -> tuple[list[Result], set[str]]:
    return engine.examine([Cell(_role(cell), cell.source) for cell in code], limits, seed)


def _role(cell: NotebookNode) -> Role:
    return {"set-up": "setup", "grade": "grade"}.get(cells.role(cell), "student")


def _outputs(cell: NotebookNode, result: Result) -> list[NotebookNode]:
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
    if result.stopped:
        outputs.append(_error(Error("Stopped", result.stopped.sentence)))
    elif result.error:
        error = result.error
        if error.name == "Stopped":  # the grader's own word for a cell without a verdict
            error = replace(error, name="StoppedError")
        outputs.append(_error(error))
    elif not result.ended:
        outputs.append(_error(Error("Stopped", "This cell has no verdict.")))
    return outputs


def _error(error: Error) -> NotebookNode:
    lines = error.traceback or [f"\x1b[1;31m{error.name}\x1b[0m: {error.value}"]
    return new_output("error", ename=error.name, evalue=error.value, traceback=lines)
