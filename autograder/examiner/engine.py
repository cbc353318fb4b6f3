"""The life of the warm zygote: started once, told to fork processes, replaced when it dies.

`Engine.examine` is what grading calls: it takes the cells of one submission, with their roles, and
gives back what each showed and how it ended.
"""

import atexit
import contextlib
import os
import pwd
import re
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from autograder.examiner import protocol, sandbox, scratch, wire
from autograder.examiner.examination import Examination
from autograder.examiner.job import Cell, EngineStopped, Examined, Isolation, Limits

_START_SECONDS = 120
# A line that imports TensorFlow, Keras or this package, parts of which import both.
_FRAMEWORKS = re.compile(r"^[ \t]*(?:import|from)[ \t].*\b(?:tensorflow|keras|autograder)\b", re.M)
NO_FILES: Mapping[str, str] = MappingProxyType({})


class Engine:
    """A warm zygote and everything that is forked from it; use it as a context manager.

    Several threads may call `examine` at the same time.

    Args:
        isolation: "sandbox", or "process" for two processes with limits but no sandbox.
        user: Without a sandbox, who runs the processes if this is root; empty for the same user.

    Raises:
        SandboxUnavailable: "sandbox" is not available on this machine.
    """

    def __init__(self, isolation: Isolation = "sandbox", user: str = "") -> None:
        self.isolation, self.user = isolation, user
        self.stopped = threading.Event()
        self._identity: dict[str, Any] = {}
        if user and isolation == "process" and os.getuid() == 0:
            group = pwd.getpwnam(user).pw_gid
            self._identity = {"user": user, "group": group, "extra_groups": []}
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen  # set by `_start`, as is the next
        self._requests: socket.socket

    def __enter__(self) -> "Engine":
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()  # whatever is examined ends, and nothing is started again
        with self._lock:
            self._stop()

    def examine(
        self, cells: Sequence[Cell], limits: Limits, seed: int, files: Mapping[str, str] = NO_FILES
    ) -> Examined:
        """Run the cells of one submission in order.

        A cell that ends a process or does not end is left out when the rest is run again.

        Args:
            cells: All cells.
            limits: Bounds.
            seed: Becomes `AUTOGRADER_SEED` in the judge's process.
            files: Texts by name, for the working directory of the student's process.

        Raises:
            ExaminerFailed: The processes cannot be started.
            EngineStopped: Somebody stopped this engine meanwhile.
        """

        frameworks = any(_FRAMEWORKS.search(cell.source) for cell in cells)

        def spawn(role: protocol.Child, limits: Limits, descriptors: dict[str, int]) -> None:
            if role == "judge" or not files:
                self.spawn(role, limits, descriptors, frameworks)
                return
            with scratch.sent(files) as content:  # a student's process has no control
                self.spawn(role, limits, {**descriptors, "control": content}, frameworks)

        examination = Examination(cells, limits, seed, spawn, self.revive, self.stopped)
        return examination.run()

    def spawn(
        self, role: protocol.Child, limits: Limits, descriptors: dict[str, int], frameworks: bool
    ) -> None:
        """Fork one process from the zygote; a zygote that died is replaced.

        Args:
            role: Of the process.
            limits: Bounds on it.
            descriptors: Its own, by the names of `protocol.DESCRIPTORS`.
            frameworks: Whether TensorFlow and Keras should be there.
        """
        sandboxed = self.isolation == "sandbox"
        hidden = sandbox.hidden_files() if sandboxed and role == "student" else []
        request = wire.pack(protocol.Spawn(role, limits, sandboxed, hidden, frameworks))
        passed = [descriptors[name] for name in protocol.DESCRIPTORS]
        with self._lock:
            if self.stopped.is_set():
                raise EngineStopped
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
            if self.stopped.is_set() or self._zygote.poll() is None:
                return False
            self._stop()
            self._start()
            return True

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            sandboxed = self.isolation == "sandbox"
            self._zygote = subprocess.Popen(
                sandbox.command(theirs.fileno(), sandboxed),
                env={} if sandboxed else sandbox.environment(sandboxed=False),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                **self._identity,
            )
        complaints = self._zygote.stderr
        assert complaints is not None  # it is a pipe
        ours.settimeout(_START_SECONDS)
        try:
            answer = ours.recv(100)
        except OSError:
            answer = b""
        if answer != protocol.READY:
            self._zygote.kill()
            complaint = complaints.read().decode(errors="replace").strip()
            raise sandbox.SandboxUnavailable(
                f"The examiner's parent process did not start: {complaint[-500:]}"
            )
        complaints.close()
        ours.settimeout(None)
        self._requests = ours

    def _stop(self) -> None:
        self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._zygote.wait(0.2)
        self._zygote.kill()
        self._zygote.wait()


_shared: dict[str, Engine] = {}
_sharing = threading.Lock()


def shared_engine(isolation: Isolation = "sandbox", user: str = "") -> Engine:
    """This process's engine, started at the first call and stopped with the process.

    The first call also says as which `user` it works; see `Engine`.

    Raises:
        SandboxUnavailable: "sandbox" cannot be had here.
    """
    with _sharing:
        before = _shared.get(isolation)
        if before is None or before.stopped.is_set():
            engine = Engine(isolation, before.user if before else user)
            engine.__enter__()
            atexit.register(engine.__exit__)
            _shared[isolation] = engine
        return _shared[isolation]


def stop_shared_engines() -> None:
    """End all examinations of this process at once; `shared_engine` then starts a new engine."""
    with _sharing:
        for engine in _shared.values():
            engine.__exit__()
