"""What this machine can and cannot do for the course, found out by looking; nothing is changed."""

import importlib.metadata
import os
import platform
import re
import shutil
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autograder.examiner.engine import Engine
from autograder.examiner.job import ExaminerFailed
from autograder.examiner.probes import probe
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.examiner.usage import is_waiting_counted
from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.current import outdated
from autograder.grading.gradebook.editions import in_words


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: "ok", "limited" (something does not work) or "broken" (grading does not work).
        what: What was looked at.
        found: What was found.
        todo: What to do about it; empty if nothing.
    """

    state: str
    what: str
    found: str
    todo: str = ""


def findings(classroom: Classroom) -> Iterator[Finding]:
    """Look at everything that the course needs, one thing after the other."""
    yield _python()
    yield _packages(classroom)
    yield _tensorflow()
    yield _machine()
    yield _time()
    yield _folder(classroom)
    yield from _editions(classroom)
    yield from _outdated(classroom)
    yield from _sandbox()
    yield _browser()


def verdict(found: Collection[Finding]) -> str:
    """What all findings together mean, in a sentence."""
    count = Counter(item.state for item in found)
    if count["broken"]:
        return (
            "Grading does not work here until you fix the lines marked ✗; without a sandbox, only "
            "`autograder grade --isolation process` does, as the README says."
        )
    limits = f" The lines marked ! say what is limited ({count['limited']})." * bool(
        count["limited"]
    )
    return f"Grading works here.{limits}"


def _python() -> Finding:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("ok", "Python", version)
    return Finding("broken", "Python", version, "Make .venv with Python 3.11, 3.12 or 3.13.")


def _packages(classroom: Classroom) -> Finding:
    wrong = []
    layers = [classroom.root / f"requirements/{layer}.txt" for layer in ("student", "grading")]
    for line in "".join(path.read_text(encoding="utf-8") for path in layers).splitlines():
        pin = re.match(r"([\w.-]+)==([\w.]+)", line.strip())
        if not pin or ("linux" in line and sys.platform != "linux"):
            continue
        try:
            version = importlib.metadata.version(pin[1])
        except importlib.metadata.PackageNotFoundError:
            version = "missing"
        if version != pin[2]:
            wrong.append(f"{pin[1]} {version} instead of {pin[2]}")
    if not wrong:
        return Finding("ok", "packages", "as pinned in requirements/grading.txt")
    missing = any("missing" in text for text in wrong)
    todo = "Run `pip install -r requirements/grading.txt`."
    return Finding("broken" if missing else "limited", "packages", "; ".join(wrong), todo)


def _tensorflow() -> Finding:
    try:
        from autograder.lab.startup import tensorflow as tf

        total = float(tf.reduce_sum(tf.ones((2, 2))))
    except Exception as error:
        return Finding("broken", "TensorFlow", f"does not run: {error}", "Reinstall tensorflow.")
    return Finding("ok", "TensorFlow", f"{tf.__version__}, 2x2 ones sum to {total:g}")


def _machine() -> Finding:
    cores, memory = os.cpu_count() or 1, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = f"{cores} cores, {memory / 2**30:.0f} GiB of memory"
    if memory < cores * 2 * 2**30:
        return Finding("limited", "machine", found, "Grade with fewer --workers: 2 GiB for each.")
    return Finding("ok", "machine", found)


def _time() -> Finding:
    if is_waiting_counted():
        return Finding("ok", "time limits", "time in which a program waits for a core is known")
    found = "time in which a program waits for a core is not known"
    todo = "Who sleeps is stopped by the clock only, after ten times the limit."
    return Finding("limited", "time limits", found, todo)


def _folder(classroom: Classroom) -> Finding:
    if os.access(classroom.root, os.W_OK):
        return Finding("ok", "course folder", f"{classroom.root} can be written")
    return Finding("broken", "course folder", "cannot be written", f"Own {classroom.root}.")


def _editions(classroom: Classroom) -> list[Finding]:
    """The releases of the assignments that the class has."""
    found = []
    for name in classroom.assignments():
        what = f"edition of {name}"
        try:
            found.append(Finding("ok", what, in_words(classroom, NotebookRef(name))))
        except GradingError as error:
            found.append(Finding("limited", what, "not found", str(error)))
    return found


def _outdated(classroom: Classroom) -> list[Finding]:
    """The releases in notebooks/ with which nobody can be graded."""
    refusals = {name: outdated(classroom, name) for name in classroom.assignments()}
    return [
        Finding("limited", f"notebooks/{name}", "cannot be graded with", refusal)
        for name, refusal in refusals.items()
        if refusal
    ] or [Finding("ok", "notebooks/", "as their sources give them")]


def _sandbox() -> list[Finding]:
    """Try to break the sandbox in every way that the examiner knows."""
    todo = "Do not grade code that you do not trust on this machine."
    try:
        with Engine() as engine:
            held = probe(engine)
    except (SandboxUnavailable, ExaminerFailed) as error:
        reason, _, todo = str(error).partition(". ")
        return [Finding("broken", "sandbox", f"{reason}.", todo)]
    return [
        Finding("broken", f"sandbox: {h.what}", h.broken, todo)
        if h.broken
        else Finding("ok", f"sandbox: {h.what}", "held when tried")
        for h in held
    ]


def _browser() -> Finding:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path:
        return Finding("ok", "browser for tests", path)
    return Finding("limited", "browser for tests", "none", "Run `make browser` to get Chromium.")
