"""The judge and the student's process of one run: the event loop that supervises them.

`Pair.run` is called by `examination.Examination`. It follows the judge from cell to cell, keeps
what the cells print, and ends both processes at a limit.
"""

import contextlib
import os
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import Literal

from autograder.examiner import endings, protocol, usage, wire
from autograder.examiner.job import Ending, EngineStopped, ExaminerFailed, Limits, Output, Result
from autograder.examiner.usage import Usage

_LOOK_SECONDS = 0.2  # so long after a stop, or at a limit, the loop may go on
_STATUS_SECONDS = 2  # so long after the end of a process the word on it may come
_MOST_SHOWN = 32 * 2**20  # characters that all cells of a run may print and show
_CUT = "\n... the rest of what it printed was cut.\n"
_LEFT_OUT = Output("display_data", {"text/plain": "(Left out: the notebook shows too much.)"})

_Time = Literal["submission-time", "cell-time", "submission-clock", "cell-clock"]
# Forks a process of a role, with limits; it gets the descriptors of `protocol.DESCRIPTORS`.
Spawn = Callable[[protocol.Child, Limits, dict[str, int]], None]


class _Process:
    """This side of one forked process."""

    def __init__(
        self, spawn: Spawn, role: protocol.Child, limits: Limits, control: int, peer: int
    ) -> None:
        theirs = {"control": control, "peer": peer}
        theirs["alive"], self.alive = os.pipe()
        self.used = theirs["used"] = os.memfd_create("used")
        self.pipes: dict[str, int] = {}
        for name in ("stdout", "stderr", "status"):
            self.pipes[name], theirs[name] = os.pipe()
            os.set_blocking(self.pipes[name], False)
        self.status: protocol.Status | None = None
        self.complaint = ""
        try:
            spawn(role, limits, theirs)
        finally:
            for name in ("alive", *self.pipes):
                os.close(theirs[name])

    def kill(self) -> None:
        """Kill it, if it lives; whoever watches it says over `status` how it ended."""
        if self.alive >= 0:
            os.close(self.alive)
            self.alive = -1

    def close(self) -> None:
        """Kill it, if it lives, and close everything."""
        self.kill()
        for descriptor in (self.used, *self.pipes.values()):
            os.close(descriptor)


class Pair:
    """The two processes of one run; use it as a context manager.

    Args:
        spawn: Forks them.
        limits: Bounds on each of them.
        left: The seconds that the submission still has, as `usage` counts them.
        deadline: When it must have ended by the clock, as `time.monotonic` tells it.
        stopped: Is set when nobody waits for the results any more.

    Attributes:
        by_clock: Whether time ran out by the clock only.
    """

    def __init__(
        self, spawn: Spawn, limits: Limits, left: float, deadline: float, stopped: Event
    ) -> None:
        self.limits, self.left, self.deadline, self.stopped = limits, left, deadline, stopped
        self.by_clock = False
        self.room = _MOST_SHOWN
        self.began, self.began_at = Usage(), time.monotonic()  # the running cell
        self.selector = selectors.DefaultSelector()
        self.socket, control = socket.socketpair()
        peers = socket.socketpair()
        unused = os.open(os.devnull, os.O_RDONLY)
        self.control = wire.Connection(self.socket, protocol.FromJudge)
        self.current: Result | None = None  # of the running cell
        try:
            self.judge = _Process(spawn, "judge", limits, control.fileno(), peers[0].fileno())
            self.student = _Process(spawn, "student", limits, unused, peers[1].fileno())
        finally:
            os.close(unused)
            for end in (control, *peers):
                end.close()
        self.processes = [self.judge, self.student]

    def __enter__(self) -> "Pair":
        for process in self.processes:
            for name, pipe in process.pipes.items():
                self.selector.register(pipe, selectors.EVENT_READ, (process, name))
        self.selector.register(self.socket, selectors.EVENT_READ, None)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.close()
        self.control.close()
        self.selector.close()

    def used(self) -> Usage:
        """What both processes have used."""
        return usage.together(usage.read(process.used) for process in self.processes)

    def run(
        self,
        plan: protocol.Plan,
        limits: Sequence[Limits],
        results: list[Result],
        missing: set[str],
    ) -> bool:
        """Have the judge run the tasks of a plan.

        Args:
            plan: What it runs.
            limits: Bounds on each cell.
            results: Those of all cells; what comes of the tasks is written into them.
            missing: Names that cells lacked are added to it.

        Returns:
            True if nothing of it has to be run again.

        Raises:
            ExaminerFailed: A process did not start.
            EngineStopped: `stopped` is set.
        """
        try:
            self.control.send(plan)
        except wire.Closed:
            return self._judge_ended()
        own = self.limits
        while True:
            if self.stopped.is_set():
                raise EngineStopped
            if over := self._time_over(own):
                reason = self._cause(endings.limit(over, own))
                self._stop_current(reason)
                self.by_clock = reason.kind in ("cell-clock", "submission-clock")
                return over != "cell-time"
            ready = [key.data for key, _ in self.selector.select(_LOOK_SECONDS)]
            if None not in ready:
                for source in ready:
                    self._read(*source)
                continue
            # An event comes before text that came with it: what a cell prints follows its start.
            try:
                event = self.control.receive()
                if isinstance(event, protocol.End):
                    return True
                result = results[event.index]
                if isinstance(event, protocol.Start):
                    self.current, own = result, limits[event.index]
                    self.began, self.began_at = self.used(), time.monotonic()
                    continue
                missing.update(event.missing)
                if not self._done(event, result):
                    return False
                self.control.send(protocol.GoOn())
            except (wire.WireError, IndexError):
                return self._judge_ended()

    def _time_over(self, own: Limits) -> _Time | None:
        """What time has run out: the running cell's or the whole submission's."""
        used, now = self.used(), time.monotonic()
        if used.counted > self.left:
            return "submission-time"
        if used.since(self.began).counted > own.cell_seconds:
            return "cell-time"
        if now > self.deadline:
            return "submission-clock"
        if now - self.began_at > own.cell_seconds * own.clock_factor:
            return "cell-clock"
        return None

    def _done(self, event: protocol.Done, result: Result) -> bool:
        """Take up the report on a cell; return True if both processes live on."""
        self._drain()
        result.seconds = self.used().since(self.began).counted
        if event.lost:
            reason = self._reason(self.student, event.lost)
            if isinstance(self.student.status, protocol.Failed):  # before anything of it ran
                raise ExaminerFailed(self.student.status.reason)
            result.stopped = reason
            return False
        result.ended, result.error = True, event.error
        result.shown = [self._fitting(output) for output in event.shown]
        return True

    def _fitting(self, output: Output) -> Output:
        """An output for which there is room; partial credit always has some."""
        size = sum(len(kind) + len(text) for kind, text in output.data.items())
        if output.output_type == "display_data" and size > self.room:
            return _LEFT_OUT
        self.room -= size
        return output

    def _judge_ended(self) -> bool:
        """The judge died, for example of what a student's answer made it do."""
        if self.current is None:
            failures = []
            for process in self.processes:
                self._reason(process, endings.DIED)
                status = process.status
                reason = status.reason if isinstance(status, protocol.Failed) else ""
                failures.append(reason + process.complaint)
            raise ExaminerFailed("\n".join(failures).strip() or "the judge's process ended at once")
        self._stop_current(self._reason(self.judge, endings.TEST_DIED))
        return False

    def _cause(self, otherwise: Ending) -> Ending:
        """Why the time ran out: a limit that its watcher came too late to see, or `otherwise`."""
        for process in self.processes:
            process.kill()
            reason = self._reason(process, otherwise)
            if reason != otherwise:
                return reason
        return otherwise

    def _stop_current(self, reason: Ending) -> None:
        self._drain()
        if self.current is not None:
            self.current.ended, self.current.stopped = False, reason

    def _reason(self, process: _Process, otherwise: Ending) -> Ending:
        """Why a process ended: the limit that its watcher names, or `otherwise`."""
        until = time.monotonic() + _STATUS_SECONDS
        while process.status is None and time.monotonic() < until:
            self._read(process, "status")
            time.sleep(0.01)
        self._drain()
        if isinstance(process.status, protocol.Stopped):
            return endings.limit(process.status.limit, self.limits)
        return otherwise

    def _drain(self) -> None:
        for process in self.processes:
            for name in ("stdout", "stderr"):
                self._read(process, name)

    def _read(self, process: _Process, name: str) -> None:
        """Take what has come over a pipe; what a cell prints too much is dropped."""
        source = process.pipes[name]
        for _ in range(64):
            try:
                data = os.read(source, 65536)
            except BlockingIOError:
                return
            if not data:
                with contextlib.suppress(KeyError):
                    self.selector.unregister(source)
                return
            if name == "status":
                process.status = process.status or _status(data)
            elif self.current is not None:
                self._keep(self.current.printed, name, data)
            elif name == "stderr":  # nothing of the submission has run yet
                process.complaint += data.decode(errors="replace")

    def _keep(self, printed: dict[str, str], name: str, data: bytes) -> None:
        text = printed.get(name, "")
        if text.endswith(_CUT):
            return
        limit = min(self.limits.output_characters, len(text) + max(0, self.room))
        longer = text + data.decode(errors="replace")
        self.room -= min(len(longer), limit) - len(text)
        printed[name] = longer if len(longer) < limit else longer[:limit] + _CUT


def _status(data: bytes) -> protocol.Status:
    """How a process ended, as its keeper says."""
    try:
        return wire.unpack(data, protocol.Status)
    except wire.WireError:
        return protocol.Failed(data.decode(errors="replace"))
