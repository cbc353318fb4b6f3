"""Reads the notebooks out of a zip archive or a folder that anyone may have made.

Nothing is unpacked: a notebook's content is handed over as bytes, whoever takes it gives it a name
of their own, and everything else in the archive stays unread. So no name, link or device in it can
lead anywhere. `collect` is the caller.
"""

import io
import itertools
import mmap
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from autograder.grading.classroom import GradingError
from autograder.grading.submission.intake import LARGEST

DEEPEST = 3  # archives in archives in archives
MOST_ENTRIES, MOST_BYTES = 200_000, 8 * 2**30  # of a whole class
STUDENTS_ENTRIES, STUDENTS_BYTES = 2_000, 100 * 2**20  # of an archive inside an archive
RATIO = 200  # an entry of more than a megabyte must not unpack to more than 200 times its size
_CENTRAL_ENTRY = re.compile(rb"PK\x01\x02")


@dataclass(frozen=True)
class Found:
    """A file in an archive or a folder.

    Attributes:
        path: Its folders and its name; an archive in an archive counts as a folder.
        content: What it holds; None if it is refused.
        modified: When it was written, as the outermost archive or the file system says.
        saved: When it was written, as an archive of the student's own says.
        zoned: True if `modified` is known with its time zone; archives do not tell theirs.
        refused: Why it was not read; empty if it was.
    """

    path: tuple[str, ...]
    content: bytes | None = None
    modified: datetime | None = None
    saved: datetime | None = None
    zoned: bool = False
    refused: str = ""


class _Refused(Exception):
    """An entry that is not read; the message completes a sentence that begins with its name."""


class _Budget:
    """How many entries and bytes may still be read; an inner archive also spends the outer's."""

    def __init__(self, entries: int, size: int, outer: "_Budget | None" = None) -> None:
        self._entries, self._size, self._outer = entries, size, outer

    def spend(self, entries: int = 0, size: int = 0) -> None:
        """Take from what is left.

        Raises:
            _Refused: An inner archive holds too much.
            GradingError: The whole holds too much.
        """
        self._entries -= entries
        self._size -= size
        if min(self._entries, self._size) < 0:
            if self._outer is None:
                raise GradingError(
                    f"There is too much in it: at most {MOST_ENTRIES} files and "
                    f"{MOST_BYTES >> 30} GB of notebooks are collected at a time. Split it."
                )
            raise _Refused("holds too many files or unpacks to too much")
        if self._outer:
            self._outer.spend(entries, size)

    def inner(self) -> "_Budget":
        """For an archive inside this one."""
        return _Budget(STUDENTS_ENTRIES, STUDENTS_BYTES, self)


def notebooks(source: Path) -> Iterator[Found]:
    """Every notebook in a folder or a zip archive, and what was refused, with the reason.

    A small `timestamp.txt` is handed over, too.

    Hidden files, `__MACOSX` and what is inside them are passed over.

    Raises:
        GradingError: It is neither, or too much is in it.
    """
    budget = _Budget(MOST_ENTRIES, MOST_BYTES)
    if source.is_dir():
        yield from (replace(file, zoned=True) for file in _in_folder(source, budget))
        return
    try:
        with source.open("rb") as file:
            yield from _in_zip(file, (), None, budget, 1)
    except OSError as error:
        raise GradingError(f"{source} cannot be read: {error.strerror or error}.") from error
    except _Refused as reason:
        raise GradingError(f"{source} {reason}.") from reason


def at_the_top(
    source: Path, name: str, around: re.Pattern[str]
) -> tuple[tuple[str, ...], bytes] | None:
    """A file of the download's own: where it lies, and what it holds; None if there is none.

    It lies at the top, or in a folder that is called so that no student's is: a student may have a
    file of that name, too.

    Raises:
        GradingError: It cannot be read.
    """
    try:
        if source.is_dir():
            tops = [(), *((p.name,) for p in source.iterdir() if around.fullmatch(p.name))]
            there = [top for top in tops if source.joinpath(*top, name).is_file()]
            if not there:
                return None
            with _regular(source.joinpath(*there[0], name)) as file:
                return there[0], _at_most(file, LARGEST)
        with source.open("rb") as file:
            return _at_the_top(file, name, around)
    except OSError as error:
        raise GradingError(f"{source} cannot be read: {error.strerror or error}.") from error
    except _Refused as reason:
        raise GradingError(f"{name} in {source} {reason}.") from reason


def _at_the_top(
    file: IO[bytes], name: str, around: re.Pattern[str]
) -> tuple[tuple[str, ...], bytes] | None:
    try:
        archive = _opened(file, MOST_ENTRIES)
    except _Refused:  # `notebooks` says so
        return None
    with archive:
        for entry in archive.infolist():
            path = _parts(entry.filename)
            top = len(path) == 1 or (len(path) == 2 and around.fullmatch(path[0]))
            if top and path[-1] == name:
                _check_entry(entry, path)
                return path[:-1], _entry(archive, entry, LARGEST)
    return None


def _in_folder(root: Path, budget: _Budget) -> Iterator[Found]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not _passed_over((name,)))
        for name in sorted([*files, *(n for n in folders if Path(folder, n).is_symlink())]):
            place = Path(folder, name)
            path = place.relative_to(root).parts
            if _passed_over(path):
                continue
            budget.spend(entries=1)
            try:
                kind = place.suffix.lower()
                with _regular(place) as file:
                    modified = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                    if kind == ".zip":
                        yield from _in_zip(file, path, modified, budget.inner(), 2)
                    elif kind == ".ipynb" or name == "timestamp.txt":
                        content = _at_most(file, LARGEST)
                        budget.spend(size=len(content))
                        yield Found(path, content, modified)
                    else:
                        raise _Refused("is not a notebook")
            except _Refused as reason:
                yield Found(path, refused=str(reason))
            except OSError as error:
                yield Found(path, refused=f"cannot be read: {error.strerror or error}")


def _regular(path: Path) -> IO[bytes]:
    """Open a file, unless it is a link, a device or a pipe."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _Refused("is a link, a device or a pipe")
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _in_zip(
    file: IO[bytes],
    where: tuple[str, ...],
    modified: datetime | None,
    budget: _Budget,
    depth: int,
) -> Iterator[Found]:
    """What lies in an archive; `modified` is when it was written itself, if a student made it."""
    if depth > DEEPEST:
        raise _Refused(f"is an archive in more than {DEEPEST - 1} archives")
    with _opened(file, STUDENTS_ENTRIES if depth > 1 else MOST_ENTRIES) as archive:
        for entry in archive.infolist():
            name = _parts(entry.filename)
            if (name[-1] == "" and len(name) > 1) or _passed_over(name):
                continue  # a folder, or nothing of the student's
            path = (*where, *name)
            budget.spend(entries=1)
            written = modified or _written(entry)
            try:
                _check_entry(entry, name)
                kind = Path(path[-1]).suffix.lower()
                if kind == ".zip":
                    content = _entry(archive, entry, STUDENTS_BYTES)
                    budget.spend(size=len(content))
                    inside = io.BytesIO(content)
                    yield from _in_zip(inside, path, written, budget.inner(), depth + 1)
                elif kind == ".ipynb" or path[-1] == "timestamp.txt":
                    content = _entry(archive, entry, LARGEST)
                    budget.spend(size=len(content))
                    saved = _written(entry) if depth > 1 else None
                    yield Found(path, content, written, saved)
                else:
                    raise _Refused("is not a notebook")
            except _Refused as reason:
                yield Found(path, refused=str(reason))


def _opened(file: IO[bytes], most: int) -> zipfile.ZipFile:
    _check_length(file, most)
    try:
        return zipfile.ZipFile(file)
    except Exception as error:  # whatever damage makes of zipfile
        raise _Refused("is damaged, or no zip archive") from error


def _check_length(file: IO[bytes], most: int) -> None:
    """Count the entries before zipfile makes an object of each."""
    try:
        if isinstance(file, io.BytesIO):
            content = file.getbuffer()
        else:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise _Refused("is empty") from error
    with content:
        entries = _CENTRAL_ENTRY.finditer(content)
        many = next(itertools.islice(entries, most, None), None) is not None
        del entries
    if many:
        raise _Refused(f"holds more than {most} files")


def _parts(name: str) -> tuple[str, ...]:
    """An entry's folders and its name; the name of a folder is empty, as is that of the root."""
    first, *rest = name.replace("\\", "/").removeprefix("./").split("/")
    inner = [part for part in rest[:-1] if part not in ("", ".")]
    return (first, *inner, *rest[-1:])


def _check_entry(entry: zipfile.ZipInfo, name: tuple[str, ...]) -> None:
    if ".." in name or name[0] == "" or name[0][1:2] == ":":
        raise _Refused("has a name that leads out of the archive")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _Refused("is a link, a device or a pipe")
    if entry.flag_bits & 1:
        raise _Refused("is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Refused("is compressed in another way than zip's usual one")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's content, whatever size the archive claims that it has."""
    try:
        with archive.open(entry) as file:
            content = _at_most(file, most)
    except _Refused:
        raise
    except Exception as error:  # whatever damage makes of zipfile and zlib
        raise _Refused("is damaged") from error
    if len(content) > max(2**20, RATIO * entry.compress_size):
        raise _Refused(f"unpacks to more than {RATIO} times its size")
    return content


def _at_most(file: IO[bytes], most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise _Refused(f"has more than {most >> 20} MB")
    return content


def _written(entry: zipfile.ZipInfo) -> datetime | None:
    """An entry's time; archives tell local time, taken as this machine's, from 1980 on."""
    if entry.date_time[0] <= 1980:
        return None
    try:
        return datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _passed_over(path: tuple[str, ...]) -> bool:
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in path)
