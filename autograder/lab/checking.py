"""Visible checks and what surrounds them in a notebook.

`visible_check` turns a function that puts a `Trial` through a few examples into the check that a
notebook calls; `scoreboard` shows how all checks of an assignment ended; `needs` guards a cell that
shows off a student's function; `rng` seeds the random inputs of hidden tests.
"""

import hashlib
import html
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from types import ModuleType, TracebackType
from urllib.parse import quote

import numpy as np
from IPython.display import display

from autograder.lab import packages
from autograder.lab.failures import CheckFailed, NotAttempted, is_open, is_stub
from autograder.lab.live import is_live
from autograder.lab.trial import Trial

_NOT_RUN = "not run"


@dataclass(eq=False)
class Check:
    """The visible check of one exercise; call it with the student's function.

    Attributes:
        name: Name of the graded function.
        parameters: Names of its parameters, for messages.
        points: Points of the exercise.
        body: Puts a `Trial` through its examples.
        outcome: How the last run ended: "not run", "not attempted", "raises", "wrong" or "right".
    """

    name: str
    parameters: tuple[str, ...]
    points: float
    body: Callable[[Trial], None]
    outcome: str = field(default=_NOT_RUN)

    def __call__(self, function: Callable, *further: Callable[[Trial], None]) -> "_Note | None":
        """Print one line if `function` passes, else raise a `CheckFailed` that explains.

        An exercise that is not attempted is no error to somebody who reads the notebook: there, a
        note says so. Modules that grading may lack are named in any case.

        Args:
            function: The student's.
            *further: What this edition of the exercise asks besides what its first edition did.
        """
        for warning in packages.warnings(function):
            print(f"! {self.name}: {warning}")
        try:
            trial = self.trial(function)
            for body in (self.body, *further):
                body(trial)
        except CheckFailed as failure:
            self.outcome = failure.outcome
            if isinstance(failure, NotAttempted) and is_live():
                said = {"text/plain": str(failure), "text/html": ""}  # for readers of what is saved
                display(said, raw=True)
                return _Note(str(failure))
            raise
        self.outcome = "right"
        print(f"✓ {self.name}: right on {trial.calls} example{'s' * (trial.calls != 1)}.")
        return None

    def is_of(self, module: ModuleType) -> bool:
        """Return True if the check is defined in a module, and not only imported there."""
        return self.body.__module__ == module.__name__

    def trial(self, function: Callable) -> Trial:
        """A trial of `function` whose messages know this exercise; for hidden tests."""
        return Trial(function, self.name, self.parameters, self.body.__module__)


@dataclass(frozen=True)
class _Note:
    """What a check returns that did not raise: a line that is neither praise nor blame.

    nbgrader reads the text of a result as partial credit, and here that is 0: a saved notebook
    earns nothing for the exercise even where nobody runs it again.
    """

    says: str

    def __repr__(self) -> str:
        return "0"

    def _repr_html_(self) -> str:
        gray = "color: var(--jp-ui-font-color2, #767676)"
        return f"<span style='{gray}'>{html.escape(self.says)}</span>"


def visible_check(
    *parameters: str, points: float, name: str = ""
) -> Callable[[Callable[[Trial], None]], Check]:
    """Make a visible check of a function that takes a `Trial` and has the exercise's name.

    Args:
        *parameters: Names of the graded function's parameters.
        points: Points of the exercise.
        name: Of the exercise, where a retired exercise's check has that name in the module.
    """

    def make(body: Callable[[Trial], None]) -> Check:
        return Check(name or body.__name__, parameters, points, body)

    return make


def student_side(function: Callable) -> Callable:
    """A function of a set-up cell, to be called where the student's code runs.

    Grading runs tests and student code in two processes. A test that must hand the student's
    function something which cannot travel, such as a symbolic Keras tensor, calls a function of a
    set-up cell by this: it runs beside the student's function and may return a model. In a notebook
    there is one process, and the function is returned as it is.
    """
    return function if _elsewhere is None else _elsewhere(function)


def is_elsewhere() -> bool:
    """Return True where the student's code runs in another process."""
    return _elsewhere is not None


_elsewhere: Callable[[Callable], Callable] | None = None  # set where the student's code is not here


def rng(name: str) -> np.random.Generator:
    """The generator of an exercise's random test inputs.

    The seed is made from the exercise's name and the environment variable `AUTOGRADER_SEED`
    (0 where it is not set); grading sets it for each student.
    """
    seed = f"{os.environ.get('AUTOGRADER_SEED', '0')}/{name}".encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(seed).digest()[:8], "big"))


class needs:
    """Guard a demonstration that calls student functions.

    Where one of them is not attempted yet, the cell prints one line, which names those that are
    open, and the notebook goes on. A name that a guarded cell could not define is forgiven in later
    guarded cells.

    Args:
        *names: The functions that the cell calls.
    """

    _skipped_before = False

    def __init__(self, *names: str) -> None:
        self.names = names

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Swallow what an exercise that is not attempted raises, and nothing else."""
        lacks = isinstance(error, NameError) and needs._skipped_before
        if trace is None or not (is_open(error) or lacks):
            return False
        needs._skipped_before = True
        here = trace.tb_frame.f_globals
        still_open = [name for name in self.names if is_stub(here.get(name))]
        if not (still_open or lacks):  # one that this cell does not name
            still_open = [extract_tb(trace)[-1].name]
        missing = ", ".join(f"`{name}`" for name in still_open)
        done = f"written {missing}" if missing else "run the cells above it again"
        print(f"○ This cell shows its result once you have {done}.")
        return True


@dataclass(eq=False)
class _Scoreboard:
    """The last cell's table, as text and as HTML."""

    rows: list[tuple[str, str, str]]
    closing: str
    notebook: str  # its file, or nothing where nobody could follow a link

    def __repr__(self) -> str:
        numbered = [(f"{n}  {name}", *more) for n, (name, *more) in enumerate(self.rows, 1)]
        table = [("exercise", "points", "visible check"), *numbered]
        first, second, _ = (max(map(len, column)) for column in zip(*table, strict=True))
        lines = [f"{name:<{first}}  {points:>{second}}  {end}" for name, points, end in table]
        return "\n".join([*lines, "", self.closing])

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        cells = ""
        for number, (name, points, outcome) in enumerate(self.rows, 1):
            label = f"{number} · <code>{html.escape(name)}</code>"
            if self.notebook:  # JupyterLab goes to the cell of the answer
                address = f"{quote(self.notebook)}#cell-id={quote(name)}"
                label = f"<a href='{address}'>{label}</a>"
            cells += (
                f"<tr><td {left}>{label}</td><td>{points}</td>"
                f"<td {left}>{html.escape(outcome)}</td></tr>"
            )
        return (
            f"<table><thead><tr><th scope='col' {left}>exercise</th><th scope='col'>points</th>"
            f"<th scope='col' {left}>visible check</th>"
            f"</tr></thead><tbody>{cells}</tbody></table><p>{html.escape(self.closing)}</p>"
        )


def scoreboard(checks: ModuleType) -> _Scoreboard:
    """The table of an assignment's exercises: points, and how each visible check ended.

    Args:
        checks: A module of `autograder.lab.checks`. Checks that it imports are those of retired
            exercises; one is listed only if it was run, and then in place of today's by its name.
    """
    found = [value for value in vars(checks).values() if isinstance(value, Check)]
    run = {c.name for c in found if c.outcome != _NOT_RUN and not c.is_of(checks)}
    exercises = [
        c for c in found if c.outcome != _NOT_RUN or (c.is_of(checks) and c.name not in run)
    ]
    signs = {"right": "✓ ", "not attempted": "○ ", _NOT_RUN: "○ "}
    rows = [(c.name, f"{c.points:g}", signs.get(c.outcome, "✗ ") + c.outcome) for c in exercises]
    passed = [c for c in exercises if c.outcome == "right"]
    closing = (
        f"{len(passed)} of {len(exercises)} visible checks passed, on exercises worth "
        f"{sum(c.points for c in passed):g} of {sum(c.points for c in exercises):g} points. "
        "Hidden tests, run by your instructor, decide the points: they try other sizes, values "
        "and edge cases that the task's text mentions."
    )
    # Jupyter tells a kernel which notebook it is for.
    notebook = Path(os.environ.get("JPY_SESSION_NAME", "")).name if is_live() else ""
    return _Scoreboard(rows, closing, notebook)
