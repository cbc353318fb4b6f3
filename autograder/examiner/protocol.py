"""Every message between the examiner's processes, as a type; what has another form is refused.

The grading host asks the zygote for processes (`Spawn`); whoever keeps a process says how it ended
(`Status`). The host gives the judge its cells and hears of each (`ToJudge`, `FromJudge`). The judge
asks the student's process (`Request`, `Answer`). `wire` reads and writes them and checks types
and lengths: nothing else needs to. Values of a notebook travel as bytes, which `values` writes.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from autograder.examiner.job import Ending, Error, Limits, Output

READY = b"ready\n"  # what the zygote says once it can fork
# Descriptors that come with a `Spawn`, in this order. A student's process has no control: it finds
# there what `scratch` sends.
DESCRIPTORS: tuple[str, ...] = ("alive", "status", "used", "stdout", "stderr", "control", "peer")

# Bounds on what the student's process says; it cuts its own texts to them.
MAX_NAME, MAX_LINE, MAX_TEXT, MAX_LINES = 100, 300, 4000, 100  # characters; lines
MAX_SHOWN, MAX_OUTPUTS = 8 * 2**20, 100  # characters of pictures and tables; outputs of a cell

Child = Literal["judge", "student"]
_Name = Annotated[str, Meta(max_length=MAX_NAME)]
_Line = Annotated[str, Meta(max_length=MAX_LINE)]
_Text = Annotated[str, Meta(max_length=MAX_TEXT)]
_Index = Annotated[int, Meta(ge=0)]


class _Message(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A message; its class name goes with it."""


# From the grading host to the zygote


class Spawn(_Message, frozen=True):
    """Fork a process; its descriptors come along.

    Attributes:
        hidden: Files that it must not read.
        frameworks: Whether TensorFlow and Keras must be there beforehand, since cells import one
            of them or this package.
    """

    role: Child
    limits: Limits
    isolated: bool
    hidden: list[str]
    frameworks: bool


# From whoever keeps a process to the grading host, once


class Ended(_Message, frozen=True):
    """The process ended by itself, or because the host was done with it."""


class Stopped(_Message, frozen=True):
    """A limit ended it; the kinds are those of `endings`."""

    limit: Literal["memory", "processes", "threads", "unwatched"]


class Failed(_Message, frozen=True):
    """It did not start."""

    reason: str


Status = Ended | Stopped | Failed


# Between the grading host and the judge


class Task(Struct, frozen=True):
    """A cell to run; a set-up cell that ended the student's process runs in the judge alone."""

    index: int
    role: Literal["setup", "student", "grade", "judge's setup"]
    source: str


class Plan(_Message, frozen=True):
    """What the judge runs.

    Attributes:
        endless: Seconds that one call may take of functions that have run out of time, by name.
    """

    tasks: list[Task]
    seed: int
    endless: dict[str, float]


class GoOn(_Message, frozen=True):
    """The host has taken what the cell printed."""


class Start(_Message, frozen=True):
    """A cell begins."""

    index: _Index


class Done(_Message, frozen=True):
    """A cell has ended.

    Attributes:
        missing: Names that it lacked.
        lost: Why the student's process cannot be used any more.
    """

    index: _Index
    shown: list[Output]
    error: Error | None
    missing: list[str]
    lost: Ending | None


class End(_Message, frozen=True):
    """All cells have been run."""


ToJudge = Plan | GoOn
FromJudge = Start | Done | End


# From the judge to the student's process


class Reference(Struct, frozen=True):
    """A function of the other process.

    Attributes:
        key: What its owner calls it.
        name: Its `__name__`.
        owner: In whose code it stands.
    """

    key: int | str
    name: _Name
    owner: Literal["student", "setup"]


class Run(_Message, frozen=True):
    """Run a cell; `endless` is that of the plan."""

    source: str
    role: Literal["setup", "student"]
    endless: dict[str, float]


class Fetch(_Message, frozen=True):
    """Give the value of a name."""

    name: str


class Call(_Message, frozen=True):
    """Call a function; each argument is a value of its own, and `keywords` is a dict."""

    function: Reference
    arguments: list[bytes]
    keywords: bytes
    endless: dict[str, float]


Request = Run | Fetch | Call


# From the student's process to the judge: claims, and never a verdict


class Described(Struct, frozen=True):
    """An exception.

    Attributes:
        kind: Its class.
        built_in: The built-in class that it derives from.
        message: Its text.
        missing: The name that a `NameError` misses.
        frames: Line number, function and line of code, the innermost last.
        traceback: Lines for a reader.
    """

    kind: _Name
    built_in: _Name
    message: _Text
    missing: _Name
    frames: Annotated[list[tuple[int, _Name, _Line]], Meta(max_length=MAX_LINES)]
    traceback: Annotated[list[_Text], Meta(max_length=MAX_LINES)]


class Ran(_Message, frozen=True):
    """A cell was run."""

    shown: Annotated[list[Output], Meta(max_length=MAX_OUTPUTS)]
    error: Described | None

    def __post_init__(self) -> None:
        parts = (part for output in self.shown for kind in output.data.items() for part in kind)
        if sum(map(len, parts)) > MAX_SHOWN:
            raise ValueError("a cell that shows too much")


class Value(_Message, frozen=True):
    """The value of a name."""

    value: bytes


class Absent(_Message, frozen=True):
    """There is nothing of that name."""


class Refused(_Message, frozen=True):
    """A value cannot cross."""

    reason: str


class Returned(_Message, frozen=True):
    """What a call returned.

    Attributes:
        changed: Arguments that the call changed, by their place.
        same: The place of the argument whose memory the result is, or whose variables it holds.
    """

    value: bytes
    changed: dict[_Index, bytes]
    same: _Index | None


class Raised(_Message, frozen=True):
    """What a call raised, and the arguments that it had changed."""

    error: Described
    changed: dict[_Index, bytes]


class GaveUp(_Message, frozen=True):
    """A call was given up: a function of `endless` that it called took longer."""

    function: _Name


Answer = Ran | Value | Absent | Refused | Returned | Raised | GaveUp
