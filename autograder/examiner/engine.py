"""Examines submissions: starts the two processes of each, supervises them, collects verdicts.

`Engine.examine` takes cells with their roles and gives back what each showed and how it ended.
"""

import atexit
import contextlib
import json
import os
import pwd
import selectors
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from autograder.examiner import sandbox, wire

Role = Literal["setup", "student", "grade"]
_START_SECONDS = 120
_FAILURES = 3  # of starting the processes, for want of memory for example


class ExaminerFailed(Exception):
    """The examiner itself does not work; no submission is to blame."""


@dataclass(frozen=True)
class Limits:
    """Bounds on one submission; each of its two processes has the same.

    Attributes:
        cell_seconds: Wall time of one cell.
        submission_seconds: Wall time of everything; what has no verdict then has no points.
        restarts: How often the processes are started again without the cell that ended them.
        memory_megabytes: Memory beyond what the imports take.
        processes: Processes at a time.
        threads: Threads at a time.
        cpu_seconds: CPU time.
        scratch_megabytes: Size of /tmp, of /dev/shm, and of any file.
        output_characters: Text that one cell may print; more is cut.
        full_factor: How many times as much wall and CPU time there is where every cell is run,
            also those that no verdict needs, such as long trainings.
    """

    cell_seconds: float = 60
    submission_seconds: float = 120
    restarts: int = 3
    memory_megabytes: int = 3000
    processes: int = 64
    threads: int = 512
    cpu_seconds: int = 240
    scratch_megabytes: int = 128
    output_characters: int = 100_000
    full_factor: float = 5

    def for_everything(self) -> "Limits":
        """The limits where every cell is run."""
        return replace(
            self,
            cell_seconds=self.cell_seconds * self.full_factor,
            submission_seconds=self.submission_seconds * self.full_factor,
            cpu_seconds=round(self.cpu_seconds * self.full_factor),
        )


@dataclass(frozen=True)
class Cell:
    """What is to be run.

    Attributes:
        role: "setup" runs in both processes, "student" in the student's, "grade" in the judge's.
        source: Its code.
    """

    role: Role
    source: str


@dataclass
class Result:
    """How a cell ended.

    Attributes:
        ended: Whether it ran to its end, with or without an error. A grade cell that did not
            has no verdict.
        printed: Text of standard output and of standard error.
        shown: Other outputs, as notebooks store them, with `output_type` and `data`.
        error: `name`, `value` and `traceback` of the exception that ended it.
        stopped: Why it was stopped or never ran; empty if it ended.
    """

    ended: bool = False
    printed: dict[str, str] = field(default_factory=dict)
    shown: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None
    stopped: str = ""


class Engine:
    """A warm zygote and everything that is forked from it; use it as a context manager.

    Several threads may call `examine` at the same time.

    Args:
        isolation: "sandbox", or "process" for two processes with limits but no sandbox.
        user: Without a sandbox, who runs the processes if this is root; empty for the same user.

    Raises:
        SandboxUnavailable: "sandbox" was asked for and cannot be had.
    """

    def __init__(
        self, isolation: Literal["sandbox", "process"] = "sandbox", user: str = ""
    ) -> None:
        self.isolation = isolation
        self._identity: dict[str, Any] = {}
        if user and isolation == "process" and os.getuid() == 0:
            group = pwd.getpwnam(user).pw_gid
            self._identity = {"user": user, "group": group, "extra_groups": []}
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen | None = None
        self._requests: socket.socket | None = None

    def __enter__(self) -> "Engine":
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stop()

    def examine(
        self, cells: Sequence[Cell], limits: Limits, seed: int
    ) -> tuple[list[Result], set[str]]:
        """Run the cells of one submission in order.

        A cell that ends a process or does not end is left out when the rest is run again.

        Args:
            cells: All cells.
            limits: Bounds.
            seed: Becomes `AUTOGRADER_SEED` in the judge's process.

        Returns:
            How each cell ended, and the names that the student's code missed (by `NameError`).

        Raises:
            ExaminerFailed: The processes cannot be started.
        """
        run = _Submission(self, cells, limits, seed)
        for _ in range(limits.restarts + 1):
            if run.once():
                break
        run.give_up()
        return run.results, run.missing

    def spawn(self, role: str, limits: Limits, descriptors: dict[str, int]) -> None:
        """Fork one process from the zygote; a zygote that died is replaced."""
        sandboxed = self.isolation == "sandbox"
        request = json.dumps(
            {
                "role": role,
                "limits": asdict(limits),
                "isolated": sandboxed,
                "hidden": sandbox.hidden_files(sandboxed) if role == "student" else [],
                "environment": {},
            }
        ).encode()
        from autograder.examiner.zygote import DESCRIPTORS

        passed = [descriptors[name] for name in DESCRIPTORS]
        with self._lock:
            for attempt in (1, 2):
                try:
                    socket.send_fds(self._requests, [request], passed)
                    return
                except OSError:
                    if attempt == 2:
                        raise
                    self._stop()
                    self._start()

    def revive(self) -> bool:
        """Start the zygote again if it is dead; whether it was."""
        with self._lock:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._zygote.wait(0.5)
            if self._zygote.poll() is None:
                return False
            self._stop()
            self._start()
            return True

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            sandboxed = self.isolation == "sandbox"
            make = sandbox.command if sandboxed else sandbox.unsandboxed
            self._zygote = subprocess.Popen(
                make(theirs.fileno()),
                env={} if sandboxed else sandbox.environment(sandboxed=False),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                **self._identity,
            )
        ours.settimeout(_START_SECONDS)
        try:
            answer = ours.recv(100)
        except OSError:
            answer = b""
        if answer != b"ready\n":
            self._zygote.kill()
            complaint = self._zygote.stderr.read().decode(errors="replace").strip()
            raise sandbox.SandboxUnavailable(
                f"The examiner's parent process did not start: {complaint[-500:]}"
            )
        self._zygote.stderr.close()
        ours.settimeout(None)
        self._requests = ours

    def _stop(self) -> None:
        if self._requests is not None:
            self._requests.close()
        if self._zygote is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._zygote.wait(0.2)
            self._zygote.kill()
            self._zygote.wait()


_shared: dict[str, Engine] = {}
_sharing = threading.Lock()


def shared_engine(isolation: Literal["sandbox", "process"] = "sandbox", user: str = "") -> Engine:
    """This process's engine, started at the first call and stopped with the process.

    The first call also says as which `user` it works; see `Engine`.

    Raises:
        SandboxUnavailable: "sandbox" cannot be had here.
    """
    with _sharing:
        if isolation not in _shared:
            engine = Engine(isolation, user)
            engine.__enter__()
            atexit.register(engine.__exit__)
            _shared[isolation] = engine
        return _shared[isolation]


class _Process:
    """This side of one forked process."""

    def __init__(self, engine: Engine, role: str, limits: Limits, control: int, peer: int) -> None:
        self.alive = self.status = self.stdout = self.stderr = -1
        theirs = {"control": control, "peer": peer}
        alive, self.alive = os.pipe()
        theirs["alive"] = alive
        for name in ("status", "stdout", "stderr"):
            mine, theirs[name] = os.pipe()
            os.set_blocking(mine, False)
            setattr(self, name, mine)
        self.ended: dict[str, Any] | None = None
        self.complaint = ""
        try:
            engine.spawn(role, limits, theirs)
        finally:
            for name in ("alive", "status", "stdout", "stderr"):
                os.close(theirs[name])

    def kill(self) -> None:
        """Kill it, if it lives; whoever watches it says over `status` how it ended."""
        if self.alive >= 0:
            os.close(self.alive)
            self.alive = -1

    def close(self) -> None:
        """Kill it, if it lives, and close everything."""
        self.kill()
        for name in ("status", "stdout", "stderr"):
            os.close(getattr(self, name))


class _Submission:
    """The state of one examination."""

    def __init__(self, engine: Engine, cells: Sequence[Cell], limits: Limits, seed: int) -> None:
        self.engine, self.cells, self.limits, self.seed = engine, cells, limits, seed
        self.results = [Result() for _ in cells]
        self.missing: set[str] = set()
        self.failed = 0
        self.deadline = time.monotonic() + limits.submission_seconds

    def once(self) -> bool:
        """Run what has to be run; whether nothing is left to be run again."""
        todo = []
        for index, (cell, result) in enumerate(zip(self.cells, self.results, strict=True)):
            # What a set-up cell defines is never left to the student: where it ended the
            # student's process, it still runs in the judge's.
            role = "judge's setup" if cell.role == "setup" and result.stopped else cell.role
            if role != "judge's setup":
                if result.stopped or (cell.role == "grade" and result.ended):
                    continue
                self.results[index] = Result()
            todo.append({"index": index, "role": role, "source": cell.source})
        try:
            with _Pair(self) as pair:
                return pair.run(todo)
        except ExaminerFailed:
            self.failed += 1
            if self.engine.revive() or self.failed < _FAILURES:
                return False
            raise

    def give_up(self) -> None:
        """Say of what was never reached that it was not."""
        for result in self.results:
            if not result.ended and not result.stopped:
                late = time.monotonic() > self.deadline
                result.stopped = (
                    f"This cell was not reached within {self.limits.submission_seconds:g} seconds."
                    if late
                    else "This cell was not reached: cells above stopped the run too often."
                )


class _Pair:
    """The judge and the student's process of one run."""

    def __init__(self, run: _Submission) -> None:
        self.run_state = run
        self.selector = selectors.DefaultSelector()
        ours, control = socket.socketpair()
        peers = socket.socketpair()
        unused = os.open(os.devnull, os.O_RDONLY)
        self.control = wire.Connection(ours)
        self.socket = ours
        self.processes: list[_Process] = []
        try:
            for role, first, second in [
                ("judge", control.fileno(), peers[0].fileno()),
                ("student", unused, peers[1].fileno()),
            ]:
                process = _Process(run.engine, role, run.limits, first, second)
                self.processes.append(process)
        finally:
            os.close(unused)
            for end in (control, *peers):
                end.close()
        self.judge, self.student = self.processes
        self.current: int | None = None

    def __enter__(self) -> "_Pair":
        for process in self.processes:
            for name in ("stdout", "stderr", "status"):
                source = getattr(process, name)
                self.selector.register(source, selectors.EVENT_READ, (process, name))
        self.selector.register(self.socket, selectors.EVENT_READ, None)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.close()
        self.control.close()
        self.selector.close()

    def run(self, todo: list[dict[str, Any]]) -> bool:
        """Have the judge run these cells; whether it came to the end."""
        state = self.run_state
        environment = {"AUTOGRADER_SEED": str(state.seed)}
        try:
            self.control.send({"cells": todo, "environment": environment})
        except wire.Closed:
            return self._judge_ended()
        cell_deadline = time.monotonic() + state.limits.cell_seconds
        while True:
            now = time.monotonic()
            if now > state.deadline:
                seconds = f"{state.limits.submission_seconds:g} seconds"
                self._stop_current(f"This cell was stopped: the whole notebook had {seconds}.")
                return True
            if now > cell_deadline:
                seconds = f"{state.limits.cell_seconds:g} seconds"
                self._stop_current(
                    self._cause(f"This cell was stopped: it ran longer than {seconds}.")
                )
                return False
            wait = min(cell_deadline, state.deadline) - now
            ready = [key.data for key, _ in self.selector.select(wait)]
            if None not in ready:
                for source in ready:
                    self._read(*source)
                continue
            # An event comes before text that came with it: what a cell prints follows its start.
            try:
                event = self.control.receive()
                if event["event"] == "end":
                    return True
                if event["event"] == "start":
                    self.current = event["index"]
                    cell_deadline = time.monotonic() + state.limits.cell_seconds
                    continue
                self._drain()
                if not self._done(event):
                    return False
                self.control.send("go on")
            except wire.WireError:
                return self._judge_ended()

    def _done(self, event: dict[str, Any]) -> bool:
        """Take up the report on a cell; whether both processes live on."""
        state = self.run_state
        result = state.results[event["index"]]
        state.missing.update(event["missing"])
        if event["gone"]:
            lost = event["error"]["value"] if event["error"] else ""
            reason = self._reason(self.student, lost)
            if "failed" in (self.student.ended or {}):  # before anything of the submission ran
                raise ExaminerFailed(self.student.ended["failed"])
            result.stopped = reason
            return False
        result.ended, result.shown, result.error = True, event["shown"], event["error"]
        return True

    def _judge_ended(self) -> bool:
        """The judge died, for example of what a student's answer made it do."""
        if self.current is None:
            for process in self.processes:
                self._reason(process, "")
            failures = [(p.ended or {}).get("failed", "") + p.complaint for p in self.processes]
            raise ExaminerFailed("\n".join(failures).strip() or "the judge's process ended at once")
        self._stop_current(self._reason(self.judge, "This test ended the process in which it ran."))
        return False

    def _cause(self, otherwise: str) -> str:
        """Why the time ran out: a limit that its watcher came too late to see, or `otherwise`."""
        for process in self.processes:
            process.kill()
            reason = self._reason(process, otherwise)
            if reason != otherwise:
                return reason
        return otherwise

    def _stop_current(self, reason: str) -> None:
        self._drain()
        if self.current is not None:
            result = self.run_state.results[self.current]
            result.ended, result.stopped = False, reason

    def _reason(self, process: _Process, otherwise: str) -> str:
        """Why a process ended, in words."""
        until = time.monotonic() + 2
        while process.ended is None and time.monotonic() < until:
            self._read(process, "status")
            time.sleep(0.01)
        self._drain()
        ended = process.ended or {}
        if "stopped" in ended:
            return f"This cell was stopped: {ended['stopped']}."
        return otherwise or "This cell ended the Python process in which it ran."

    def _drain(self) -> None:
        for process in self.processes:
            for name in ("stdout", "stderr"):
                self._read(process, name)

    def _read(self, process: _Process, name: str) -> None:
        """Take what has come over a pipe; what a cell prints too much is dropped."""
        source = getattr(process, name)
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
                self._status(process, data)
            elif self.current is not None:
                self._keep(name, data)
            elif name == "stderr":  # nothing of the submission has run yet
                process.complaint += data.decode(errors="replace")

    def _status(self, process: _Process, data: bytes) -> None:
        if process.ended is None:
            try:
                process.ended = json.loads(data)
            except ValueError:
                process.ended = {"failed": data.decode(errors="replace")}

    def _keep(self, name: str, data: bytes) -> None:
        limit = self.run_state.limits.output_characters
        printed = self.run_state.results[self.current].printed
        text = printed.get(name, "")
        if len(text) < limit:
            text += data.decode(errors="replace")
            if len(text) >= limit:
                text = text[:limit] + "\n... the rest of what it printed was cut.\n"
            printed[name] = text
