"""The author's commands; autograder.cli registers them."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

package = typer.Typer(no_args_is_help=True, help="Pack what others need of the course.")


def new(
    assignment: Annotated[str, typer.Argument(help="Its id, for example 07-style-transfer.")],
) -> None:
    """Write a new assignment of one exercise that works, for you to change."""
    from autograder.authoring.new import create

    with _plain_errors() as (console, root):
        for path in create(root, assignment):
            console.print(f"✓ {path.relative_to(root)}")
        console.print(f"Next: `autograder build {assignment}`, then autograder/authoring/GUIDE.md.")


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
    from autograder.authoring import build as builder
    from autograder.authoring.sources import AuthoringError

    with _plain_errors() as (console, root):
        if check:
            problems = builder.check(root, assignments or [], console.print)
        else:
            problems = builder.build(root, assignments or [], console.print, accept)
        if problems:
            raise AuthoringError(*problems)
        console.print("✓ What is committed is what the sources give." if check else "✓ Built.")


def publish(
    repository: Annotated[
        str, typer.Option(help="OWNER/NAME on GitHub: the public repository of the course.")
    ],
) -> None:
    """Name the public repository in the badges, the Colab cells and pyproject.toml."""
    from autograder.authoring.publish import Repository
    from autograder.authoring.publish import publish as name_everywhere

    with _plain_errors() as (console, root):
        done = name_everywhere(root, Repository(repository))
        for file in done.changed:
            console.print(f"✓ {file}")
        if not done.changed:
            console.print(f"✓ Everything names {repository} already.")
        if done.stale:
            console.print(f"Next: `autograder build {' '.join(done.stale)}`.")


def site() -> None:
    """Build the course site in _site/: the released notebooks as pages, without solutions."""
    from autograder.authoring.site.build import build_site

    with _plain_errors() as (console, root):
        started = time.monotonic()
        pages = build_site(root, root / "_site")
        console.print(f"✓ Built _site/: {pages} pages in {time.monotonic() - started:.1f} s.")


@package.command()
def students(
    upto: Annotated[
        str | None, typer.Option(help="The last assignment that is released, for example 04.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Where to; package/ in the course.")] = None,
) -> None:
    """Pack the released notebooks, and what they need, as a folder to publish and as a zip."""
    from autograder.authoring.package import pack_students

    with _plain_errors() as (console, root):
        packed = pack_students(root, to or root / "package", upto)
        console.print(f"✓ Packed {', '.join(packed.assignments)}: {packed.files} files.")
        console.print(f"  to publish  {packed.folder}")
        console.print(f"  to send     {packed.archive}")


@contextlib.contextmanager
def _plain_errors() -> Iterator[tuple["Console", Path]]:
    """A console and the course; what an author has to fix is printed and ends the command."""
    from rich.console import Console

    from autograder.authoring.sources import AuthoringError, course_root

    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        yield console, course_root()
    except AuthoringError as error:
        for problem in error.problems:
            console.print(f"✗ {problem}", style="red")
        count = len(error.problems)
        console.print(f"{count} problem{'s' * (count != 1)} to fix.")
        raise typer.Exit(1) from error
