"""The time that processes have used, as limits count it.

What counts is the CPU time of all threads, and time in which none of them could have run: asleep,
or waiting for input. Time in which one waits for a core is the machine's, and does not count.
`watch` writes what a process tree has used, and `pair` reads it.
"""

import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_FIELDS = struct.Struct("3d")


@dataclass(frozen=True)
class Usage:
    """What processes have used, in seconds.

    Attributes:
        cpu: CPU time.
        elapsed: Time by the clock.
        runnable: Time by the clock in which a thread ran or waited for a core.
    """

    cpu: float = 0
    elapsed: float = 0
    runnable: float = 0

    @property
    def counted(self) -> float:
        """CPU time, and time in which nothing could have run."""
        return self.cpu + max(0, self.elapsed - self.runnable)

    def since(self, earlier: "Usage") -> "Usage":
        """What was used after `earlier`."""
        return Usage(
            self.cpu - earlier.cpu,
            self.elapsed - earlier.elapsed,
            self.runnable - earlier.runnable,
        )

    def write(self, descriptor: int) -> None:
        """Put it where `read` finds it."""
        os.pwrite(descriptor, _FIELDS.pack(self.cpu, self.elapsed, self.runnable), 0)


def read(descriptor: int) -> Usage:
    """What was written there last; nothing used if nothing was."""
    data = os.pread(descriptor, _FIELDS.size, 0)
    return Usage(*_FIELDS.unpack(data)) if data else Usage()


def together(usages: Iterable[Usage]) -> Usage:
    """What processes have used that work at the same time, one waiting for the other."""
    found = list(usages)
    return Usage(
        sum(usage.cpu for usage in found),
        max(usage.elapsed for usage in found),
        sum(usage.runnable for usage in found),
    )


def is_waiting_counted() -> bool:
    """Return True if this kernel tells how long a thread waits for a core; gVisor's does not."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[0]) > 0
    except (OSError, ValueError, IndexError):
        return False
