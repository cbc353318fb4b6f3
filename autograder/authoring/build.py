"""Builds executed notebooks and student releases from their sources, or checks those committed.

The `build` command of the command line calls `build` and `check`; both return the problems that an
author has to fix and report their progress through `say`.
"""

import base64
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.authoring import points
from autograder.authoring.drift import drift, leaks
from autograder.authoring.release import copy_beside, release
from autograder.authoring.rules import address_problems, source_problems
from autograder.authoring.sources import (
    AuthoringError,
    Cell,
    Problem,
    Source,
    assignments,
    metadata,
    read,
)

CELL_TIMEOUT = 300  # seconds
_ENVIRONMENT = {"AUTOGRADER_STATIC": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}

Say = Callable[[str], None]


def build(root: Path, names: Iterable[str], say: Say, accept: bool = False) -> list[Problem]:
    """Build assignments; one that has problems is left as it was.

    Args:
        root: The course root.
        names: Ids of the assignments; all of them if empty.
        say: Shows a line of progress.
        accept: True if grade ids and points may change.
    """
    problems: list[Problem] = []
    for name in names or assignments(root):
        try:
            source = read(root, name)
            found = source_problems(root, source)
            found += [] if accept else points.changes(root, source)
            if not found:
                found = _build_one(root, source, say)
        except AuthoringError as error:
            found = [*error.problems]
        problems += found
    if accept:
        for name in points.accepted(root).keys() - assignments(root):
            points.accept(root, name, None)
    return problems


def check(root: Path, names: Iterable[str], say: Say) -> list[Problem]:
    """Check what is committed against its sources; nothing is executed or changed."""
    problems = []
    for name in names or assignments(root):
        say(f"{name}: comparing the committed notebooks with solutions/{name}.py")
        try:
            source = read(root, name)
            problems += source_problems(root, source)
            problems += points.changes(root, source)
            if name not in points.accepted(root):
                problems.append(Problem(points.FILE, "", f"lacks {name}: run `make build`."))
            problems += drift(root, source)
        except AuthoringError as error:
            problems += error.problems
    return problems if names else problems + _course_problems(root)


def _course_problems(root: Path) -> list[Problem]:
    """What no single source answers for."""
    problems = [*address_problems(root, "README.md")] if (root / "README.md").exists() else []
    known = set(assignments(root))
    for folder in ("solutions", "notebooks"):
        for path in sorted(root.glob(f"{folder}/*/*.ipynb")):
            if path.parent.name not in known:
                file, source = str(path.relative_to(root)), f"solutions/{path.parent.name}.py"
                problems.append(Problem(file, "", f"has no source {source}: delete the folder."))
    for name in sorted(points.accepted(root).keys() - known):
        message = f"{name} has no source: run `autograder build --accept`."
        problems.append(Problem(points.FILE, "", message))
    return problems


def _build_one(root: Path, source: Source, say: Say) -> list[Problem]:
    name = source.assignment
    with tempfile.TemporaryDirectory() as scratch:
        # Executed in a copy: what a notebook writes must not reach students.
        folder = Path(scratch) / "execution" / name
        copy_beside(root, name, folder)
        execute(source, folder, say)
        say(f"{name}: making the student release")
        released = release(root, name, source.notebook, Path(scratch))
        problems = leaks(root, source, released)
        if problems:
            return problems
        target = root / "solutions" / name / f"{name}.ipynb"
        target.parent.mkdir(exist_ok=True)
        nbformat.write(source.notebook, target)
        shutil.rmtree(root / "notebooks" / name, ignore_errors=True)
        shutil.copytree(released, root / "notebooks" / name)
        if picture := _picture(source.notebook):
            (root / "notebooks" / f"{name}.png").write_bytes(picture)
    points.accept(root, name, points.of_source(source))
    say(f"{name}: wrote solutions/{name}/ and notebooks/{name}/")
    return []


def _picture(notebook: NotebookNode) -> bytes | None:
    """The PNG that the cell tagged "picture" draws; the README shows it."""
    for cell in notebook.cells:
        if "picture" in cell.metadata.get("tags", []):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return base64.b64decode(output.data["image/png"])
    return None


def execute(source: Source, folder: Path, say: Say) -> NotebookNode:
    """Run a source's notebook in a fresh kernel; its outputs are written into its cells.

    Raises:
        AuthoringError: A cell raises, hangs or kills the kernel; says which line of the source.
    """
    notebook = source.notebook
    code = [cell for cell in source.cells if cell.kind != "prose"]
    started = time.monotonic()
    running = source.cells[0]

    def show_progress(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = source.cells[cell_index]
        if running in code:
            place = f"{code.index(running) + 1}/{len(code)} {running.label}"
            say(f"{source.assignment}: {place} after {time.monotonic() - started:.0f} s")

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name=notebook.metadata.kernelspec.name,
        resources={"metadata": {"path": str(folder)}},
        force_raise_errors=True,
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        on_cell_start=show_progress,
    )
    try:
        client.execute(env={**os.environ, **_ENVIRONMENT})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise AuthoringError(_failure(source, running, error)) from error
    notebook.metadata = nbformat.from_dict(metadata(source.file))
    return notebook


def _failure(source: Source, cell: Cell, error: Exception) -> Problem:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    place = re.search(r"Cell In\[\d+\], line (\d+)", plain)
    line = cell.line + (int(place[1]) - 1 if place else 0)
    reason = plain.strip().splitlines()[-1]
    if isinstance(error, CellTimeoutError):
        reason = f"took more than {CELL_TIMEOUT} s"
    return Problem(f"{source.file}:{line}", cell.label, f"fails when it is executed: {reason}")
