"""Thousands of malformed downloads for `autograder collect`: none may crash it or leave its folder.

`python tests/hostile_downloads.py 10000` makes and collects that many; `test_collect.py` some
hundreds. Each is made from its number alone, so that a failure can be had again:
`python tests/hostile_downloads.py 1 --from 4711`.
"""

import argparse
import contextlib
import io
import os
import random
import sys
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from tiny import TINY, make_course

from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.roster import read_roster
from autograder.grading.submission.beside import read_beside

_PIECES = [
    "..", "/", "\\", ".", "", "~", "C:", "\0", "\n", "\x1b[2J", "‮", "é", "e\u0301", "李",
    "CON", "nul.txt", "a" * 300, "*", "[x]", "$(id)", "`id`", "'", '"', "<script>", "=1+1", "-rf",
    "ada", "Ada", "ADA", "tiny", "tiny.ipynb", ".ipynb", "x.zip", "__MACOSX", "timestamp.txt",
    "ada_1_11_", "ada_LATE_1_12_", "anon_x_1_", "Ada Li_1_assignsubmission_file_", "_1_2_",
    "Ada_99999999999999999999999_assignsubmission_file_", "a_1_assignsubmission_onlinetext_",
    "submitted", "gradebook.db", "collected", "backups", "inbound", "submission_metadata.yml",
    "ada+tiny+2026-09-30 09:00:00 UTC+abcdefghijkl", "..+tiny+2026-09-30 9 X", "Doe_Jane_../x_12",
    "Hw_../ada_attempt_2026-09-30-09-15-00_", "1-2 - A/../b - Sep 30, 2026 915 AM - ", "tiny-../x",
    "tiny-bob", "_assignsubmission_file_", "assignment_1_export", "submission_1",
    "helpers.py", "x.pth", "_1_13_helpers.py",
]  # fmt: skip
_ROSTERS = [
    "id,name\nada,Ada Li\n", "Student,ID\nAda,1\n", 'id\n"', "\0", "id\n" * 9, "id;=1\n../x;y\n",
    "ID,N,S,G,M\nP1,../x,s,,5\nP2,Ada Li,s,,5\n", "id,name,group\nada,A,Ada Li\n../b,B,ada\n",
]  # fmt: skip
_STUDENTS = ["ada/", "ada_1_11_", "A_1_assignsubmission_file_/", "A_1_assignsubmission_file_"]
_BESIDE = [
    "helpers.py", "a.py", "data.csv", "b.csv", "c.txt", "numpy.py", "evil.pth", "a" * 200,
    "李" * 90, "..", "a\\b.py", "sitecustomize.py", "timestamp.txt", "x.zip", "tiny-1.ipynb",
    "deep/helpers.py",
]  # fmt: skip
_KINDS = [0, 0, 0o100644, 0o100644, 0o100644, 0o120777, 0o060666, 0o040755]
_METADATA = b"submission_1:\n  :submitters:\n  - {:sid: ../x, :email: a@b}\n  :created_at: 9\n"
_CANARY = b"what no link may lead to"


def _name(dice: random.Random) -> str:
    if dice.random() < 0.3:
        return dice.choice(_STUDENTS) + "tiny.ipynb"
    parts = [dice.choice(_PIECES) for _ in range(dice.randint(1, 5))]
    return dice.choice(["", "/"]).join(parts) + dice.choice(["", ".ipynb", ".zip", "/"])


def _names(dice: random.Random) -> list[str]:
    """Names of all kinds, or a notebook and what may lie beside it."""
    if dice.random() < 0.7:
        return [_name(dice) for _ in range(dice.randint(0, 6))]
    student = dice.choice(_STUDENTS)
    beside = [
        dice.choice([*_BESIDE, dice.choice(_PIECES)]) for _ in range(dice.choice([1, 3, 5, 25]))
    ]
    return [f"{student}tiny.ipynb", *(f"{student}{name}" for name in beside)]


def _content(dice: random.Random, depth: int) -> bytes:
    kind = dice.randrange(9)
    if kind == 8:
        return dice.choice([b"", b"a = 1\n", b"x" * (2**20 - 9), b"# \xe4"])
    if kind == 7:
        return _METADATA
    if kind == 0:
        return dice.randbytes(dice.randint(0, 2000))
    if kind == 1:
        return b"0" * dice.choice([10, 10_000, 3 * 2**20])
    if kind == 2:
        return b"[" * dice.randint(1, 100_000)
    if kind == 3 and depth < 6:
        return _archive(dice, depth + 1)
    return b'{"cells": [{"metadata": {"nbgrader": {"grade_id": "double"}}}], "nbformat": 4}'


def _archive(dice: random.Random, depth: int = 0) -> bytes:
    """A zip archive with evil names, then perhaps broken in some bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in _names(dice):
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            entry.date_time = dice.choice([(1980, 0, 0, 0, 0, 0), (2026, 9, 30, 9, 0, 0)])
            entry.external_attr = dice.choice(_KINDS) << 16
            entry.compress_type = dice.choice([0, 8, 8, 8, 8, 12, 14])
            with warnings.catch_warnings(action="ignore"):  # the same name twice
                archive.writestr(entry, _content(dice, depth))
    content = bytearray(buffer.getvalue())
    for _ in range(dice.choice([0, 0, 1, 3, 30])):
        content[dice.randrange(len(content))] = dice.randrange(256)
    if dice.random() < 0.1:
        content += content[dice.randrange(len(content)) :]
    if dice.random() < 0.1:
        del content[dice.randrange(len(content)) :]
    return bytes(content)


def _folder(dice: random.Random, root: Path, canary: Path) -> None:
    """A folder with evil files, as far as a file system takes them.

    Links come last, so that nothing is written through them.
    """
    root.mkdir()
    special = []
    for name in _names(dice):
        path = root.joinpath(*[p for p in name.split("/") if p not in ("", "..", ".")])
        kind = dice.randrange(10)
        if kind < 2:
            special.append((kind, path))
            continue
        with contextlib.suppress(OSError, ValueError):  # no file can be called so
            path.parent.mkdir(parents=True, exist_ok=True)
            path = path.parent / os.fsdecode(b"\xff\xfe.ipynb") if kind == 2 else path
            path.write_bytes(_content(dice, 0))
    for kind, path in special:
        with contextlib.suppress(OSError, ValueError):
            if kind == 0:
                path.symlink_to(dice.choice([canary, canary.parent, path.name]))
            else:
                os.mkfifo(path)


def _download(dice: random.Random, path: Path, canary: Path) -> None:
    if dice.random() < 0.2:
        _folder(dice, path, canary)
    else:
        path.write_bytes(dice.randbytes(200) if dice.random() < 0.05 else _archive(dice))


def everything_below(root: Path) -> list[str]:
    """The paths of all files and folders."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def seen_by(root: Path) -> dict[str, tuple]:
    """What a change would show in."""
    found = {}
    for name in everything_below(root):
        status = os.lstat(root / name)
        found[name] = status.st_ino, status.st_size, status.st_mtime_ns
    return found


def attack(course: Path, scratch: Path, numbers: range) -> int:
    """Collect downloads one after the other into one class; how many notebooks were placed.

    Raises:
        AssertionError: Something was written outside the class's folder, or left behind in it.
        Exception: Something else than a line or a GradingError came of a download.
    """
    outside = scratch / "outside"
    room = Classroom(course, outside / "class")
    room.folder.mkdir(parents=True)
    canary = scratch / "canary" / f"{TINY}.ipynb"
    canary.parent.mkdir()
    canary.write_bytes(_CANARY)
    placed = 0
    for number in numbers:
        dice = random.Random(number)
        source = scratch / f"download-{number}"
        _download(dice, source, canary)
        roster = scratch / f"roster-{number}.csv"
        roster.write_text(dice.choice(_ROSTERS))
        try:
            people = read_roster(roster) if dice.random() < 0.2 else None
            what, force = dice.choice([None, TINY]), dice.random() < 0.5
            lines = collect(room, source, what, people, force)
            placed += sum(line.status in ("new", "replaced") for line in lines)
        except GradingError:
            pass
        except Exception as error:
            error.add_note(f"download number {number}")
            raise
        assert os.listdir(outside) == ["class"], number
        assert {*os.listdir(room.folder)} <= {"submitted", "collected", "backups"}, number
        if number % 100 == 0:
            _check_class(room.folder, number)
    _check_class(room.folder, numbers[-1])
    assert everything_below(canary.parent) == [canary.name] and canary.read_bytes() == _CANARY
    return placed


def _check_class(folder: Path, number: int) -> None:
    """Only our own names lie in the class's folder, two deep, and nothing but plain files."""
    for name in everything_below(folder / "submitted"):
        student, *rest = Path(name).parts
        assert student.isascii() and not set(student) & set("/\\\0*[]$`'\"<>=\n"), (number, name)
        assert rest[:1] in ([], [TINY]) and len(rest) <= 2, (number, name)
        path = folder / "submitted" / name
        assert not path.is_symlink(), (number, name)
        assert path.is_dir() or path.read_bytes() != _CANARY, (number, name)
        if len(rest) == 1:
            found = read_beside(path, f"{TINY}.ipynb")
            ours = {f"{TINY}.ipynb", "timestamp.txt", *found.files}
            assert not found.unused and {*os.listdir(path)} <= ours, (number, name)


def main() -> None:
    """Run the attack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--from", type=int, default=0, dest="first")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        course = Path(scratch) / "course"
        course.mkdir()
        make_course(course)
        started = time.monotonic()
        numbers = range(asked.first, asked.first + asked.count)
        place = Path(scratch) / "attack"
        place.mkdir()
        placed = attack(course, place, numbers)
        seconds = time.monotonic() - started
    print(f"{asked.count} downloads in {seconds:.0f} s: no crash, nothing outside, {placed} placed")


if __name__ == "__main__":
    main()
