"""The warm parent: imports what notebooks import, then forks a fresh process for each request.

TensorFlow and Keras are imported at the first request of a submission that imports one of them.

`main` runs inside the sandbox; `sandbox.command` starts it. A request comes over a descriptor with
the new process's own descriptors; the zygote runs no code of a notebook and holds nothing that a
student must not see.
"""

import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import matplotlib.pyplot  # noqa: F401 - whatever notebooks import is imported before the forks

from autograder.examiner import confine, judge, protocol, scratch, student, watch, wire
from autograder.examiner.shell import Shell, open_streams

_CONTROL, _PEER = 3, 4  # where these descriptors lie in a new process
_REASON = 3000  # characters; a status is written to a pipe at once
_LARGE_PAGE, _MADV_COLLAPSE = 2**21, 25


def main() -> None:
    """Serve requests until the other end of the descriptor is closed."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    requests.sendall(protocol.READY)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # nobody reads its complaints any more
    has_frameworks = False
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 65536, len(protocol.DESCRIPTORS))
        if not message:
            return
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # collect whoever has ended
                pass
        request = wire.unpack(message, protocol.Spawn)
        if request.frameworks and not has_frameworks:
            has_frameworks = True
            import_frameworks()
        if os.fork() == 0:
            named = dict(zip(protocol.DESCRIPTORS, descriptors, strict=True))
            try:
                requests.close()
                with scratch.own_folder(request.isolated):
                    _keep(request, named)
            except BaseException:
                _say(named, protocol.Failed(traceback.format_exc()[-_REASON:]))
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def warm_up() -> None:
    """Prepare what all children share."""
    Shell.make()
    _share_memory()


def import_frameworks() -> None:
    """Import TensorFlow and Keras, and what only notebooks use that import one of them.

    No TensorFlow operation may run before a fork.
    """
    gc.disable()
    with contextlib.suppress(Exception):  # the submission's own import says so
        from autograder.examiner import frameworks  # noqa: F401
        from autograder.lab import datasets
        from autograder.lab.figures import shared  # noqa: F401

        datasets.fashion_mnist("train")  # so that nobody has to unpack the file again
    _share_memory()


def _share_memory() -> None:
    """Prepare the memory that all children share."""
    gc.collect()
    gc.freeze()  # so that collections in the children do not copy these pages
    gc.enable()
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


def _say(descriptors: dict[str, int], status: protocol.Status) -> None:
    """Tell the grading host how a process ended."""
    os.write(descriptors["status"], wire.pack(status))


def _keep(request: protocol.Spawn, descriptors: dict[str, int]) -> None:
    """Start the process in namespaces of its own; watch its limits; say how it ended.

    Whoever asked holds the other end of `alive`: when it is closed, everything is killed.
    """
    if request.isolated:
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
        status = watch.until_the_end(
            first, descriptors["alive"], descriptors["used"], request.limits, request.isolated
        )
    except Exception:  # whatever the submission made of its processes
        status = protocol.Stopped("unwatched")
    _say(descriptors, status)
    # A namespace takes its processes along.
    for process in [first] if request.isolated else watch.tree(first):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _begin(request: protocol.Spawn, descriptors: dict[str, int]) -> None:
    """In the first process of the namespaces: set them up, then run the role in a child."""
    limits = request.limits
    for name, place in [("stdout", 1), ("stderr", 2)]:
        os.dup2(descriptors[name], place)
    confine.die_with_parent()
    if request.isolated:
        confine.private_folders(limits.scratch_megabytes, request.hidden)
    if request.role == "student":
        scratch.fill(descriptors["control"])
    child = os.fork()
    if child:
        os.closerange(0, 3)
        confine.keep_only(set())
        _wait_for(child)
    os.setsid()
    os.nice(5)  # whoever watches comes first
    high = [os.dup2(descriptors[name], 100 + i) for i, name in enumerate(("control", "peer"))]
    for source, place in zip(high, (_CONTROL, _PEER), strict=True):
        os.dup2(source, place)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    confine.keep_only({_CONTROL, _PEER} if request.role == "judge" else {_PEER})
    confine.set_limits(limits.scratch_megabytes)
    if request.isolated:
        confine.give_up_privileges()
    _run_role(request.role)


def _wait_for(child: int) -> NoReturn:
    """Collect the dead until the child has ended."""
    while os.wait()[0] != child:
        pass
    os._exit(0)


def _run_role(role: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [""]
    open_streams()
    if role == "judge":
        judge.serve(_CONTROL, _PEER)
    else:
        scratch.import_from_here()
        student.serve(_PEER)
    os._exit(0)
