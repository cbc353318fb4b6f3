"""What surrounds an instructor's command: its console, plain errors, Ctrl-C, and an early start.

The commands of `console` run inside `plain_errors`.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.examiner.job import Isolation

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.grading.classroom import Classroom


@contextlib.contextmanager
def plain_errors(
    folder: Path | None = None, tests: Path | None = None
) -> Iterator[tuple["Console", "Classroom"]]:
    """A console and the class; what an instructor can fix is printed and ends the command.

    Args:
        folder: The class's folder, which must be there unless it is classroom/, the default.
        tests: As `find_class` takes it.
    """
    from rich.console import Console

    from autograder.grading.classroom import GradingError
    from autograder.grading.gradebook.configuration import find_class

    console = Console(highlight=False, soft_wrap=True)
    interrupted.clear()
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        place = find_class(folder, tests)
        usual = find_class().folder
        if folder and place.folder != usual and not place.folder.is_dir():
            raise GradingError(f"There is no folder {folder}. A new class's folder: mkdir {folder}")
        yield console, place
    except (GradingError, OSError) as error:
        console.print(f"✗ {_in_words(error)}", style="red", markup=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        console.print("Stopped. What is graded is kept; run the same command again to go on.")
        raise typer.Exit(130) from None
    finally:
        signal.signal(signal.SIGINT, before)


def _in_words(error: Exception) -> str:
    """What an instructor can do about an error."""
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{error.filename} is a file where a folder belongs: move it away."
    return f"{error.filename}: {error.strerror}."


interrupted = threading.Event()


def _interrupt(*_: object) -> None:
    """Stop, and remember to: Python drops an exception that comes up inside a callback."""
    interrupted.set()
    raise KeyboardInterrupt


def warm_up(isolation: Isolation) -> None:
    """Start this process's engine beside the imports; whoever needs it waits, or gets its error."""

    def start() -> None:
        with contextlib.suppress(Exception):  # raised again where the engine is needed
            from autograder.examiner.engine import shared_engine

            shared_engine(isolation)

    threading.Thread(target=start, daemon=True).start()
