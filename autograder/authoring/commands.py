"""The author's commands, `autograder build` and `package`; autograder.cli registers them."""

from pathlib import Path
from typing import Annotated

import typer

package = typer.Typer(no_args_is_help=True, help="Pack what others need of the course.")


def build(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="Assignment ids; all of them if none is given.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare what is committed with the sources.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept changed grade ids and points.")
    ] = False,
) -> None:
    """Build the executed notebooks and the student releases from solutions/*.py."""
    from rich.console import Console

    from autograder.authoring import build as builder
    from autograder.authoring.sources import AuthoringError, course_root

    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        root = course_root()
        if check:
            problems = builder.check(root, assignments or [], console.print)
        else:
            problems = builder.build(root, assignments or [], console.print, accept)
    except AuthoringError as error:
        problems = [*error.problems]
    for problem in problems:
        console.print(f"✗ {problem}", style="red")
    if problems:
        console.print(f"{len(problems)} problem{'s' * (len(problems) != 1)} to mend.")
        raise typer.Exit(1)
    console.print("✓ What is committed is what the sources give." if check else "✓ Built.")


@package.command()
def students(
    upto: Annotated[
        str | None, typer.Option(help="The last assignment that is released, for example 04.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Where to; package/ in the course.")] = None,
) -> None:
    """Pack the released notebooks, and what they need, as a folder to publish and as a zip."""
    from rich.console import Console

    from autograder.authoring.package import pack_students
    from autograder.authoring.sources import AuthoringError, course_root

    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        root = course_root()
        packed = pack_students(root, to or root / "package", upto)
    except AuthoringError as error:
        for problem in error.problems:
            console.print(f"✗ {problem}", style="red")
        raise typer.Exit(1) from error
    console.print(f"✓ Packed {', '.join(packed.assignments)}: {packed.files} files.")
    console.print(f"  to publish  {packed.folder}")
    console.print(f"  to send     {packed.archive}")
