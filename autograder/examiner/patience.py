"""Ends a call of a function that ran out of time in a cell above, in the student's process.

Else each cell that calls it would take all its time, too. `student` asks for it, and the judge then
gives the cell up. The student's code may prevent that, to its own harm: `pair` holds the limits.
"""

import contextlib
import signal
from collections.abc import Iterator, Mapping
from types import CodeType, FrameType, FunctionType
from typing import Any

_LOOK_SECONDS = 0.1  # of CPU time


class OutOfTime(BaseException):
    """A call has used what it had; `except Exception` does not catch it.

    Attributes:
        function: The name of what was called.
    """

    def __init__(self, function: str, seconds: float) -> None:
        super().__init__(f"`{function}` ran out of time above, and has had {seconds:.2g} s here.")
        self.function = function


@contextlib.contextmanager
def with_little(endless: Mapping[str, float], names: Mapping[str, Any]) -> Iterator[None]:
    """Let each call of some functions use only so much CPU time, in this thread.

    Args:
        endless: Seconds by name.
        names: Where the functions are; a name that is none of Python's functions is left alone.

    Raises:
        OutOfTime: In the code that used more.
    """
    codes: dict[CodeType, tuple[str, float]] = {}
    for name, seconds in endless.items():
        if isinstance(function := names.get(name), FunctionType):
            codes[function.__code__] = name, seconds
    if not codes:
        yield
        return
    look = _Look(codes)
    signal.signal(signal.SIGPROF, look)  # it stays: a signal that comes late would end the process
    signal.setitimer(signal.ITIMER_PROF, _LOOK_SECONDS, _LOOK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        look.call = None


class _Look:
    """Sees which call runs, at each signal."""

    def __init__(self, codes: dict[CodeType, tuple[str, float]]) -> None:
        self.codes = codes
        self.call: FrameType | None = None
        self.used = 0.0

    def __call__(self, _: int, frame: FrameType | None) -> None:
        outermost = None
        while frame is not None:
            if frame.f_code in self.codes:
                outermost = frame
            frame = frame.f_back
        if outermost is None or outermost is not self.call:
            self.call, self.used = outermost, 0.0
            return
        self.used += _LOOK_SECONDS
        name, seconds = self.codes[outermost.f_code]
        if self.used > seconds:
            raise OutOfTime(name, seconds)
