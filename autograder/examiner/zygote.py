"""The warm parent: imports everything once, then forks a fresh process for each request.

`python -m autograder.examiner.zygote DESCRIPTOR` runs inside the sandbox. A request comes over the
descriptor with the new process's own descriptors; the zygote runs no code of a notebook and holds
nothing that a student must not see.
"""

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

from autograder.examiner import confine

# Descriptors that come with a request, in this order, and where they lie in the new process.
DESCRIPTORS = ("alive", "status", "stdout", "stderr", "control", "peer")
_CONTROL, _PEER = 3, 4
_WATCH_SECONDS = 0.05
_LARGE_PAGE, _MADV_COLLAPSE = 2**21, 25


def main() -> None:
    """Serve requests until the other end of the descriptor is closed."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    requests.sendall(b"ready\n")
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 65536, len(DESCRIPTORS))
        if not message:
            return
        while _reap():
            pass
        if os.fork() == 0:
            code = 1
            try:
                requests.close()
                _keep(json.loads(message), dict(zip(DESCRIPTORS, descriptors, strict=True)))
                code = 0
            except BaseException:
                os.write(descriptors[1], json.dumps({"failed": traceback.format_exc()}).encode())
            finally:
                os._exit(code)
        for descriptor in descriptors:
            os.close(descriptor)


def _warm_up() -> None:
    """Import what notebooks import. No TensorFlow operation may run before a fork."""
    import matplotlib.pyplot  # noqa: F401

    from autograder.examiner import judge, models, student  # noqa: F401
    from autograder.examiner.shell import Shell
    from autograder.lab import checking, datasets  # noqa: F401
    from autograder.lab.figures import shared  # noqa: F401

    datasets.fashion_mnist("train")  # so that nobody has to unpack the file again
    Shell.make()
    gc.collect()
    gc.freeze()  # so that collections in the children do not copy these pages
    _collapse_pages()


def _collapse_pages() -> None:
    """Gather memory in large pages, so that a fork has few page table entries to copy.

    Before Linux 6.1 nothing happens.
    """
    libc = ctypes.CDLL(None)
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, mode, _, _, inode = line.split()[:5]
        first, last = (int(address, 16) for address in span.split("-"))
        first, last = -(-first // _LARGE_PAGE) * _LARGE_PAGE, last // _LARGE_PAGE * _LARGE_PAGE
        if mode == "rw-p" and inode == "0" and first < last:
            libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _MADV_COLLAPSE)


def _reap() -> bool:
    """Collect one process that has ended."""
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _keep(request: dict, descriptors: dict[str, int]) -> None:
    """Start the process in namespaces of its own; watch its limits; say how it ended.

    Whoever asked holds the other end of `alive`: when it is closed, everything is killed.
    """
    limits = request["limits"]
    if request["isolated"]:
        confine.new_namespaces()
    first = os.fork()
    if first == 0:
        try:
            _begin(request, descriptors)
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(1)
    for name in ("stdout", "stderr", "control", "peer"):
        os.close(descriptors[name])
    try:
        ended = _watch(first, descriptors["alive"], limits)
    except Exception:  # whatever the submission made of its processes
        ended = {"stopped": "its processes could not be watched"}
    os.write(descriptors["status"], json.dumps(ended).encode())
    tree = [] if request["isolated"] else _tree(first)
    with contextlib.suppress(ProcessLookupError):
        os.kill(first, signal.SIGKILL)
    for process in tree:  # otherwise the namespace takes them along
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _watch(first: int, alive: int, limits: dict) -> dict:
    """Wait for the end of a process tree, or for a reason to end it."""
    poll = select.poll()
    poll.register(alive, select.POLLHUP | select.POLLIN)
    baseline, peak = None, 0
    inherited: dict[int, int] = {}
    while True:
        ended, status = os.waitpid(first, os.WNOHANG)
        if ended:
            return {"ended": os.waitstatus_to_exitcode(status), "peak_bytes": peak}
        tree = _tree(first)
        if len(tree) > limits["processes"] or _threads(tree) > limits["threads"]:
            return {"stopped": f"it started more than {limits['processes']} processes"}
        used = _memory(tree, inherited)
        if baseline is None and tree:
            baseline = used
        peak = max(peak, used - (baseline or 0))
        if peak > limits["memory_megabytes"] * 2**20:
            return {"stopped": f"it used more than {limits['memory_megabytes']} MB of memory"}
        if poll.poll(_WATCH_SECONDS * 1000):
            return {"ended": 0, "peak_bytes": peak}


def _tree(first: int) -> list[int]:
    """All descendants of a process."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], [first]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _threads(tree: list[int]) -> int:
    """How many threads a process tree has."""
    count = 0
    for process in tree:
        with contextlib.suppress(OSError):
            count += len(os.listdir(f"/proc/{process}/task"))
    return count


def _memory(tree: list[int], inherited: dict[int, int]) -> int:
    """The memory of a process tree in bytes, without files; what forks share counts once.

    Args:
        tree: The processes, the first one first.
        inherited: What each of the others had from its parent; kept from one look to the next.
    """
    size = first = 0
    for process in tree:
        try:
            lines = Path(f"/proc/{process}/status").read_bytes().split(b"\n")
        except OSError:
            continue
        sizes = dict(line.split(b":", 1) for line in lines if line.startswith(b"Rss"))
        # A process that has ended and was not waited for has none.
        own, shared = (1024 * int(sizes.get(k, b"0").split()[0]) for k in (b"RssAnon", b"RssShmem"))
        if process == tree[0]:
            first = own
        else:  # a process that becomes another program starts from little
            inherited[process] = min(own, inherited.get(process, first))
            own -= inherited[process]
        size += own + shared
    return size


def _begin(request: dict, descriptors: dict[str, int]) -> None:
    """In the first process of the namespaces: set them up, then run the role in a child."""
    for name, place in [("stdout", 1), ("stderr", 2)]:
        os.dup2(descriptors[name], place)
    confine.die_with_parent()
    if request["isolated"]:
        confine.private_folders(request["limits"]["scratch_megabytes"], request["hidden"])
    child = os.fork()
    if child:
        os.closerange(0, 3)
        confine.keep_only(set())
        while True:
            ended, status = os.wait()
            if ended == child:
                code = os.waitstatus_to_exitcode(status)
                os._exit(code if code >= 0 else 128 - code)
    os.setsid()
    os.nice(5)  # whoever watches comes first
    high = [os.dup2(descriptors[name], 100 + i) for i, name in enumerate(("control", "peer"))]
    for source, place in zip(high, (_CONTROL, _PEER), strict=True):
        os.dup2(source, place)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    confine.keep_only({_CONTROL, _PEER} if request["role"] == "judge" else {_PEER})
    limits = request["limits"]
    confine.set_limits(limits["cpu_seconds"], limits["scratch_megabytes"])
    if request["isolated"]:
        confine.give_up_privileges()
    os.environ.update(request["environment"])
    _run_role(request["role"])


def _run_role(role: str) -> None:
    from autograder.examiner import judge, student
    from autograder.examiner.shell import open_streams

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [""]
    open_streams()
    if role == "judge":
        judge.serve(_CONTROL, _PEER)
    else:
        student.serve(_PEER)
    os._exit(0)


if __name__ == "__main__":
    main()
