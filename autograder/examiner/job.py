"""What the examiner is asked and what it answers: plain data that every other module may use.

Grading makes cells and limits, hands them to `engine.Engine.examine` and reads results.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

Role = Literal["setup", "student", "grade"]
Isolation = Literal["sandbox", "process"]  # where student code runs
Scalar = str | bool | int | float | None


class EngineStopped(Exception):
    """The engine was stopped while it examined a submission."""


class ExaminerFailed(Exception):
    """The examiner itself does not work; no submission is to blame."""


@dataclass(frozen=True)
class Limits:
    """Bounds on one submission; each of its two processes has the same.

    Seconds are those of `usage`: CPU time, and time in which nothing could have run. Time in which
    the machine does something else does not count, up to `clock_factor`.

    Attributes:
        cell_seconds: The most that any cell may take.
        submission_seconds: What everything may take; what has no verdict then has no points.
        reference_factor: How many times as long as the reference solution takes an exercise may
            take, within `least_seconds` and `cell_seconds`.
        least_seconds: What every exercise may take.
        clock_factor: How many times as long all this may take by the clock.
        restarts: How often the processes are started again without the cell that ended them.
        memory_megabytes: Memory beyond what the imports take.
        processes: Processes at a time.
        threads: Threads at a time.
        scratch_megabytes: Size of /tmp, of /dev/shm, and of any file.
        output_characters: Text that one cell may print; more is cut.
        full_factor: How many times as much time there is where every cell is run, also those that
            no verdict needs, such as long trainings.
    """

    cell_seconds: float = 60
    submission_seconds: float = 120
    reference_factor: float = 20
    least_seconds: float = 5
    clock_factor: float = 10
    restarts: int = 3
    memory_megabytes: int = 3000
    processes: int = 64
    threads: int = 512
    scratch_megabytes: int = 128
    output_characters: int = 100_000
    full_factor: float = 5

    def for_cell(self, cell: "Cell") -> "Limits":
        """The limits of a cell that may have less time than others."""
        most = self.cell_seconds if cell.seconds is None else cell.seconds
        return replace(self, cell_seconds=min(most, self.cell_seconds))

    def for_everything(self) -> "Limits":
        """The limits where every cell is run."""
        return replace(
            self,
            cell_seconds=self.cell_seconds * self.full_factor,
            submission_seconds=self.submission_seconds * self.full_factor,
        )


@dataclass(frozen=True)
class Cell:
    """What is to be run.

    Attributes:
        role: "setup" runs in both processes, "student" in the student's, "grade" in the judge's.
        source: Its code.
        seconds: What it may take; the limits' `cell_seconds` if None.
    """

    role: Role
    source: str
    seconds: float | None = None


@dataclass(frozen=True)
class Output:
    """What a cell showed besides text streams, as notebooks store it.

    Attributes:
        output_type: Partial credit is read from the "execute_result" of a grade cell.
        data: Content by MIME type.
    """

    output_type: Literal["display_data", "execute_result"]
    data: dict[str, str]


@dataclass(frozen=True)
class Error:
    """The exception that ended a cell.

    Attributes:
        name: Its class.
        value: Its message.
        traceback: Lines for a reader; none for a grade cell, whose code is not shown.
        finding: What a check found, as plain data, if a check raised it in the judge.
    """

    name: str
    value: str
    traceback: list[str] = field(default_factory=list)
    finding: dict[str, Scalar | list[Scalar | list[Scalar]]] | None = None


@dataclass(frozen=True)
class Ending:
    """Why a cell was stopped or never ran.

    Attributes:
        kind: One of the kinds that `endings` lists.
        sentence: The same for people, with the limit that was hit.
    """

    kind: str
    sentence: str


@dataclass
class Result:
    """How a cell ended.

    Attributes:
        ended: Whether it ran to its end, with or without an error. A grade cell that did not
            has no verdict.
        printed: Text of standard output and of standard error.
        shown: Its other outputs.
        error: The exception that ended it.
        stopped: Why it was stopped or never ran; None if it ended.
        seconds: What it took, as limits count it.
    """

    ended: bool = False
    printed: dict[str, str] = field(default_factory=dict)
    shown: list[Output] = field(default_factory=list)
    error: Error | None = None
    stopped: Ending | None = None
    seconds: float = 0


@dataclass
class Examined:
    """What came of a submission.

    Attributes:
        results: How each cell ended.
        missing: Names that the student's code missed, by `NameError`.
        by_clock: Whether time ran out by the clock only: another program may be to blame, so this
            is no verdict before the submission was examined with nothing beside it.
    """

    results: list[Result]
    missing: set[str] = field(default_factory=set)
    by_clock: bool = False
