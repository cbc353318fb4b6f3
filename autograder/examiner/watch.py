"""Watches a process tree: its memory, processes and threads, and the time that it uses.

`zygote` calls `until_the_end` beside each process that it forks. Time is only measured here: `pair`
knows what it was used for, and ends a process that has used too much.
"""

import contextlib
import os
import select
import time
from pathlib import Path

from autograder.examiner import protocol
from autograder.examiner.job import Limits
from autograder.examiner.usage import Usage, is_waiting_counted

_LOOK_SECONDS = 0.05
_WINDOW_SECONDS = 1.0  # over so long a time clock ticks of CPU time are exact enough
_LONGEST_SECONDS = 1.0  # whoever is not woken for longer was frozen, and all that is watched, too
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_SOCKET = 2**19  # bytes that wait in a socket at most, as Linux is set by default

_Stats = dict[int, list[bytes]]  # by process: the fields of its `stat` after the name


def until_the_end(
    first: int, alive: int, used: int, limits: Limits, isolated: bool
) -> protocol.Status:
    """Wait for the end of a process tree, or for a reason to end it.

    Args:
        first: The process of which all others descend; a child of this one.
        alive: A descriptor; its other end is closed when nobody needs the tree any more.
        used: Where `usage.read` finds the time that it has used.
        limits: Bounds.
        isolated: Whether this process and the tree have a network of their own.
    """
    poll = select.poll()
    poll.register(alive, select.POLLHUP | select.POLLIN)
    meter = _Meter()
    baseline = None
    inherited: dict[int, int] = {}
    while True:
        if os.waitpid(first, os.WNOHANG)[0]:
            return protocol.Ended()
        stats = tree(first)
        processes = [process for process in stats if process != first]
        threads = _threads(processes)
        meter.look(stats, threads)
        meter.usage.write(used)
        if len(processes) > limits.processes:
            return protocol.Stopped("processes")
        if len(threads) > limits.threads:
            return protocol.Stopped("threads")
        size = _memory(processes, inherited) + (_in_sockets() if isolated else 0)
        if baseline is None and processes:
            baseline = size
        if size - (baseline or 0) > limits.memory_megabytes * 2**20:
            return protocol.Stopped("memory")
        if poll.poll(_LOOK_SECONDS * 1000):
            return protocol.Ended()


def tree(first: int) -> _Stats:
    """A process and all its descendants, each before those that it started."""
    stats, children = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()
                stats[int(name)] = fields
                children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = {}, [first]
    while waiting:
        process = waiting.pop()
        if process in stats:
            found[process] = stats[process]
        waiting += children.get(process, [])
    return found


class _Meter:
    """Adds up what a process tree uses; threads and processes that have ended stay counted."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._counts_waiting = is_waiting_counted()
        self._cpu = 0.0
        self._waited: dict[tuple[int, str], int] = {}  # nanoseconds, by thread
        self._waiting = 0.0
        self._last = time.monotonic()
        self._window = 0.0, 0.0, 0.0  # what was elapsed, busy and runnable when it began

    def look(self, stats: _Stats, threads: list[tuple[int, str]]) -> None:
        """Take up what was used since the last look."""
        now = time.monotonic()
        elapsed = self.usage.elapsed + min(now - self._last, _LONGEST_SECONDS)
        self._last = now
        # The process's own, and what its children used that have ended.
        cpu = sum(sum(map(int, fields[11:15])) for fields in stats.values()) * _TICK
        used = self.usage.cpu + max(0, cpu - self._cpu)
        self._cpu = cpu
        if self._counts_waiting:
            self._look_at_threads(threads)
        since, before, runnable = self._window
        busy = elapsed - since
        if self._counts_waiting:
            busy = min(busy, used + self._waiting - before)
        self.usage = Usage(used, elapsed, runnable + busy)
        if elapsed - since >= _WINDOW_SECONDS:
            self._window = elapsed, used + self._waiting, runnable + busy

    def _look_at_threads(self, threads: list[tuple[int, str]]) -> None:
        """Add the time in which threads have waited for a core; forget those that have ended."""
        before, self._waited = self._waited, {}
        for process, thread in threads:
            try:
                line = Path(f"/proc/{process}/task/{thread}/schedstat").read_bytes()
            except OSError:  # it has ended
                continue
            waited = self._waited[process, thread] = int(line.split()[1])
            self._waiting += max(0, waited - before.get((process, thread), 0)) / 1e9


def _threads(processes: list[int]) -> list[tuple[int, str]]:
    """The threads of processes, as process and thread."""
    found = []
    for process in processes:
        with contextlib.suppress(OSError):
            found += [(process, thread) for thread in os.listdir(f"/proc/{process}/task")]
    return found


def _memory(processes: list[int], inherited: dict[int, int]) -> int:
    """The memory of a process tree in bytes, without files; what forks share counts once.

    Page tables count, too: large maps of which little is read consist of nothing else.

    Args:
        processes: The first one first.
        inherited: What each of the others had from its parent; kept from one look to the next.
    """
    size = first = 0
    for process in processes:
        try:
            lines = Path(f"/proc/{process}/status").read_bytes().split(b"\n")
        except OSError:
            continue
        sizes = dict(line.split(b":", 1) for line in lines if line.startswith((b"Rss", b"VmPTE")))
        # A process that has ended and was not waited for has none.
        own, shared, tables = (
            1024 * int(sizes.get(kind, b"0").split()[0])
            for kind in (b"RssAnon", b"RssShmem", b"VmPTE")
        )
        if process == processes[0]:
            first = own
        else:  # a process that becomes another program starts from little
            inherited[process] = min(own, inherited.get(process, first))
            own -= inherited[process]
        size += own + shared + tables
    return size


def _in_sockets() -> int:
    """The most bytes that may wait in the sockets of this process's network."""
    try:
        used = Path("/proc/self/net/sockstat").read_bytes().split()[2]  # sockets: used 7
    except OSError:  # gVisor has none
        return 0
    return int(used) * _SOCKET
