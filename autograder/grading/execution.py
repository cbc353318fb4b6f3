"""Runs a sanitized notebook; nothing else in grading knows how.

Each submission gets a kernel of its own. A cell that kills the kernel or does not end is marked,
and the notebook is run again without it, so that the other exercises keep their points. A grade
cell counts only if its run ended: whatever stops it leaves an error in its place.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_core.utils import run_sync  # the formgrader calls from inside an event loop
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output


@dataclass(frozen=True)
class Limits:
    """Bounds on one submission.

    Attributes:
        cell_seconds: Wall time of one cell.
        restarts: How often a kernel may die or hang before the rest is given up.
        output_characters: Text that one cell may print; more is cut.
    """

    cell_seconds: int = 120
    restarts: int = 3
    output_characters: int = 100_000


def execute(notebook: NotebookNode, limits: Limits, seed: int, threads: int) -> NotebookNode:
    """Run all code cells in order; outputs are written into `notebook`, which is returned.

    Args:
        notebook: A sanitized notebook.
        limits: Bounds on its run.
        seed: Becomes `AUTOGRADER_SEED`, from which hidden tests draw their inputs.
        threads: Processor threads that TensorFlow may use.
    """
    environment = {
        **os.environ,
        "AUTOGRADER_SEED": str(seed),
        "AUTOGRADER_STATIC": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
    }
    stopped: dict[int, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(limits.restarts + 1):
            culprit = run_sync(_run)(notebook, stopped, limits, environment, Path(scratch))
            if culprit is None:
                break
            stopped.update([culprit])
        else:
            _give_up(notebook, stopped)
    for index, reason in stopped.items():
        notebook.cells[index].outputs = [_error("Stopped", reason)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _bounded(cell, limits.output_characters)
    return notebook


async def _run(
    notebook: NotebookNode,
    stopped: dict[int, str],
    limits: Limits,
    environment: dict[str, str],
    folder: Path,
) -> tuple[int, str] | None:
    """Run the cells that are not stopped yet; return the next culprit and what it did."""
    client = NotebookClient(
        notebook,
        timeout=limits.cell_seconds,
        allow_errors=True,
        record_timing=False,
        kernel_manager_class=AsyncKernelManager,
        resources={"metadata": {"path": str(folder)}},
    )
    client.reset_execution_trackers()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client.create_kernel_manager()
    try:
        async with client.async_setup_kernel(env=environment, cleanup_kc=True):
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type != "code" or index in stopped or not cell.source.strip():
                    continue
                try:
                    await client.async_execute_cell(cell, index)
                except CellTimeoutError:
                    seconds = limits.cell_seconds
                    return index, f"This cell was stopped: it ran longer than {seconds} seconds."
                except DeadKernelError:
                    return index, "This cell ended the Python process in which it ran."
                if cell.execution_count is None:
                    return index, "This cell ended without an answer from the Python process."
    finally:
        if client.km is not None and await client.km.is_alive():
            await client.km.shutdown_kernel(now=True)
    return None


def _give_up(notebook: NotebookNode, stopped: dict[int, str]) -> None:
    """Mark the cells that were never reached."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and index not in stopped and cell.execution_count is None:
            stopped[index] = "This cell was not reached: cells above stopped the run too often."


def _error(name: str, text: str) -> NotebookNode:
    return new_output(
        "error", ename=name, evalue=text, traceback=[f"\x1b[31m{name}\x1b[0m: {text}"]
    )


def _red(name: str, text: str) -> str:
    return f"\x1b[31m{name}\x1b[0m: {text}"


def _bounded(cell: NotebookNode, most: int) -> list[NotebookNode]:
    """A cell's outputs with long text cut.

    A grade cell's warnings cost it nothing, and its errors show no line of a hidden test.
    """
    graded = cell.metadata.get("nbgrader", {}).get("grade")
    kept = []
    for output in cell.outputs:
        if output.output_type == "error" and graded:
            output.traceback = [_red(output.ename, output.evalue)]
        elif output.output_type == "stream":
            if output.name == "stderr" and graded:
                output.name = "stdout"
            if len(output.text) > most:
                cut = len(output.text) - most
                output.text = f"{output.text[:most]}\n... {cut} more characters were cut.\n"
        kept.append(output)
    return kept
