"""The author's command, `autograder build`; autograder.cli registers it."""

from typing import Annotated

import typer


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
