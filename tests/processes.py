"""The processes that a test started, and no others of the machine."""

import contextlib
import ctypes

import psutil

_PR_SET_CHILD_SUBREAPER = 36


@contextlib.contextmanager
def orphans_stay_here():
    """Have processes whose parent is killed become children of this one, not of the first one."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def descendants():
    """This process's children, their children and so on, as far as they are alive."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.add(process)
    return found
