"""Where the suite runs as root, the tests of the two processes run again as an ordinary user.

Those are left out that only measure time: they take long, and time is counted alike for everyone.
"""

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NOBODY = "65534"
WITH_PROCESSES = [f"tests/units/examiner/test_{name}.py" for name in ("pair", "probes")]


def reachable(paths):
    """Shell lines that show each path to everyone, also below a folder that only root may enter.

    In a mount namespace of its own: such a folder is covered by an empty one, and the path is
    mounted into that again.
    """
    lines = ["set -e", "umask 022", "mount -t tmpfs -o mode=755 tmpfs /mnt"]
    covered = []
    for number, path in enumerate(paths):
        lines += [f"mkdir /mnt/{number}", f"mount --bind {shlex.quote(str(path))} /mnt/{number}"]
        closed = [p for p in reversed(path.parents) if not p.stat().st_mode & stat.S_IXOTH]
        covered += [p for p in closed[:1] if p not in covered]
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(p))}" for p in covered]
    for number, path in enumerate(paths):
        if any(path.is_relative_to(p) for p in covered):
            quoted = shlex.quote(str(path))
            lines += [f"mkdir -p {quoted}", f"mount --bind /mnt/{number} {quoted}"]
    return lines


@pytest.mark.skipif(os.geteuid() != 0, reason="the suite runs as an ordinary user already")
def test_the_two_processes_and_the_sandbox_work_for_an_ordinary_user():
    if not (ROOT / "pyproject.toml").stat().st_mode & stat.S_IROTH:
        pytest.skip("only root may read the checkout")
    homes = (ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    paths = [p for p in dict.fromkeys(homes) if not p.is_relative_to("/usr")]
    paths = [p for p in paths if p == ROOT or not p.is_relative_to(ROOT)]
    command = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "env", "-i",
               "HOME=/tmp/nobody", "PATH=/usr/bin:/bin", f"PYTHONPATH={ROOT}",
               "PYTHONDONTWRITEBYTECODE=1", sys.executable, "-m", "pytest", "-q", "--tb=native",
               "-p", "no:cacheprovider", "-k", "not time and not clock",
               *WITH_PROCESSES]  # fmt: skip
    show = reachable(paths)
    private = ["unshare", "--mount", "--propagation", "private", "sh", "-c"]
    tried = subprocess.run([*private, "\n".join(show)], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no mount namespace can be made here: {tried.stderr.strip()}")
    script = "\n".join([*show, f"cd {shlex.quote(str(ROOT))}", f"exec {shlex.join(command)}"])
    done = subprocess.run([*private, script], capture_output=True, text=True)
    if "No sandbox can be made here" in done.stdout:
        pytest.skip(done.stdout[done.stdout.index("No sandbox") :].splitlines()[0])
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
