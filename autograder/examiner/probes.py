"""Tries to break the sandbox from inside, for `autograder doctor` and the tests.

Each probe is code that runs where a student's does and prints what it could reach; a probe that
prints nothing was held.
"""

from dataclasses import dataclass

from autograder.examiner.engine import Engine
from autograder.examiner.job import Cell, Limits

PROBES = {
    "no network": """
import socket
for family, address in ((socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("127.0.0.1", 22))):
    try:
        socket.create_connection(address, timeout=0.3); print("reached", address)
    except ConnectionRefusedError:
        pass  # the private loopback, on which nobody listens
    except OSError:
        pass
""",
    "no home, no checkout": """
import os, sys
for top in ("/home", "/root", "/work", "/srv", "/mnt", "/media"):
    for folder, _, files in os.walk(top):
        if files and not folder.startswith(sys.base_prefix):  # where Python itself lies
            print("sees", folder)
            break
for folder, _, files in os.walk("/course/autograder"):
    if "grading" in folder or "authoring" in folder:
        print("sees", folder)
""",
    "no held-back data": """
import glob
for path in glob.glob("/course/data/*-test.npz"):
    if open(path, "rb").read(1):
        print("reads", path)
""",
    "no environment": """
import os
for name in os.environ:
    if any(word in name for word in ("TOKEN", "SECRET", "SSH", "AWS", "SEED", "USER", "SUDO")):
        print("sees", name)
""",
    "no other process": """
import os
seen = [name for name in os.listdir("/proc") if name.isdigit()]
if seen:
    print("sees processes", *seen)
""",
    "nothing can be written outside /tmp": """
import os
here = os.path.dirname(os.__file__)
for folder in ("/", "/usr", "/etc", "/course", "/course/data", "/dev", "/proc", here):
    try:
        open(os.path.join(folder, "left-behind"), "w"); print("writes into", folder)
    except OSError:
        pass
""",
    "no new privileges, no namespaces, no tracing": """
import ctypes, os
libc = ctypes.CDLL(None)
for name, call in {
    "unshare": lambda: libc.unshare(0x10000000),
    "mount": lambda: libc.mount(b"x", b"/tmp", b"tmpfs", 0, None),
    "umount": lambda: libc.umount2(b"/proc", 2),
    "ptrace": lambda: libc.ptrace(16, 1, 0, 0),
    "setuid": lambda: libc.setuid(0),
    "chroot": lambda: libc.chroot(b"/tmp"),
}.items():
    if call() == 0:
        print("may", name)
""",
    "no hidden memory, no session of its own": """
import ctypes, os
libc = ctypes.CDLL(None)
if os.fork() == 0:  # who leads a group of processes can start no session anyway
    for name, call in {
        "setsid": lambda: libc.setsid(),
        "memfd_create": lambda: libc.memfd_create(b"x", 0),
        "shmget": lambda: libc.shmget(0, 4096, 0o1600),
    }.items():
        if call() >= 0:
            print("may", name, flush=True)
    os._exit(0)
os.wait()
""",
    "no descriptor but its own": """
import os
for number in range(3, 256):
    try:
        os.fstat(number)
    except OSError:
        continue
    if number != 4:
        print("has descriptor", number)
""",
    "limited memory": """
kept = []
for _ in range(200): kept.append(b"x" * 10**7)
print("has 2 GB")
""",
    "limited processes": """
import os, time
for _ in range(8): os.fork()
time.sleep(15)  # on a busy machine the watcher comes late
""",
    "limited disk": """
try:
    with open("/tmp/large", "wb") as file:
        for _ in range(300): file.write(bytes(2**20))
    print("wrote 300 MB")
except OSError:
    os = __import__("os"); os.remove("/tmp/large")
""",
}
_ENDED_BY_LIMIT = {"limited memory": "memory", "limited processes": "processes"}
_LIMITS = Limits(cell_seconds=20, memory_megabytes=400, restarts=len(PROBES))


@dataclass(frozen=True)
class Held:
    """What came of a probe.

    Attributes:
        what: The property.
        broken: How it was broken; empty if it held.
    """

    what: str
    broken: str


def probe(engine: Engine) -> list[Held]:
    """Run every probe."""
    cells = [Cell("student", code) for code in PROBES.values()]
    results, _ = engine.examine(cells, _LIMITS, seed=0)
    held = []
    for what, result in zip(PROBES, results, strict=True):
        said = "".join(result.printed.values()).strip()
        if result.error:
            said += f" {result.error.name}: {result.error.value}"
        if result.stopped and result.stopped.kind == _ENDED_BY_LIMIT.get(what):
            said = ""
        elif result.stopped:
            said += f" {result.stopped.sentence}"
        elif what in _ENDED_BY_LIMIT:
            said = said or "it was not stopped"
        held.append(Held(what, said.strip()))
    return held
