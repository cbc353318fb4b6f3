"""Reads notebooks and what lies beside them out of an archive or a folder of anyone's making.

Nothing is unpacked: a file's content is handed over as bytes, whoever takes it gives it a name of
their own, and what was not asked for stays unread. So no name, link or device in it can lead
anywhere. `collect` and `beside_notebooks` are the callers.
"""

import io
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from autograder.grading.classroom import GradingError
from autograder.grading.incoming.entries import (
    Refused,
    at_most,
    check_entry,
    opened,
    parts,
    regular,
    unpacked,
    written_at,
)
from autograder.grading.submission.beside import MOST_BYTES as BESIDE_BYTES
from autograder.grading.submission.intake import LARGEST

DEEPEST = 3  # archives in archives in archives
MOST_ENTRIES, MOST_BYTES = 200_000, 8 * 2**30  # of a whole class
MOST_FOLDERS = 12  # in one another; a path has at most 4,096 bytes
STUDENTS_ENTRIES, STUDENTS_BYTES = 2_000, 100 * 2**20  # of an archive inside an archive


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
        aside: True if it was not read because it is no notebook; it may belong to one.
    """

    path: tuple[str, ...]
    content: bytes | None = None
    modified: datetime | None = None
    saved: datetime | None = None
    zoned: bool = False
    refused: str = ""
    aside: bool = False


class _Budget:
    """How many entries and bytes may still be read; an inner archive also spends the outer's."""

    def __init__(self, entries: int, size: int, outer: "_Budget | None" = None) -> None:
        self._entries, self._size, self._outer = entries, size, outer

    def spend(self, entries: int = 0, size: int = 0) -> None:
        """Take from what is left.

        Raises:
            Refused: An inner archive holds too much.
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
            raise Refused("holds too many files or unpacks to too much")
        if self._outer:
            self._outer.spend(entries, size)

    def inner(self) -> "_Budget":
        """For an archive inside this one."""
        return _Budget(STUDENTS_ENTRIES, STUDENTS_BYTES, self)


@dataclass(frozen=True)
class _Wanted:
    """What is read: of files at some paths the beginning, or else whole notebooks.

    Attributes:
        paths: The paths, and the folders and archives above them; None for all notebooks.
    """

    paths: frozenset[tuple[str, ...]] | None = None

    def passes_over(self, path: tuple[str, ...]) -> bool:
        """Return True for what is not even looked at."""
        return _is_nobodys(path) or (self.paths is not None and path not in self.paths)

    @property
    def cuts(self) -> bool:
        """True if longer files are not refused."""
        return self.paths is not None

    def most(self, path: tuple[str, ...]) -> int:
        """How many bytes are read of a file; 0 if it is none that is wanted."""
        if self.paths is not None:
            return BESIDE_BYTES
        is_wanted = Path(path[-1]).suffix.lower() == ".ipynb" or path[-1] == "timestamp.txt"
        return LARGEST if is_wanted else 0


def notebooks(source: Path) -> Iterator[Found]:
    """Every notebook in a folder or a zip archive, and what was refused, with the reason.

    A small `timestamp.txt` is handed over, too.

    Hidden files, `__MACOSX` and what is inside them are passed over. nbgrader's own folder of
    submissions is known by its name, so that name is part of its files' paths.

    Raises:
        GradingError: It is neither, or too much is in it.
    """
    return _files(source, _Wanted())


def others(source: Path, paths: Collection[tuple[str, ...]]) -> Iterator[Found]:
    """Files that `notebooks` found aside, or why they are refused.

    Of a file that is longer than all files beside a notebook may be, it gives one byte more than
    that, by which it is known.

    Raises:
        GradingError: The source cannot be read, or too much is in it.
    """
    above = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    return (file for file in _files(source, _Wanted(frozenset(above))) if file.path in paths)


def _files(source: Path, wanted: _Wanted) -> Iterator[Found]:
    budget = _Budget(MOST_ENTRIES, MOST_BYTES)
    if source.is_dir():
        yield from _in_folder(source, budget, wanted)
        return
    try:
        with source.open("rb") as file:
            yield from _in_zip(file, (), None, budget, 1, wanted)
    except OSError as error:
        raise GradingError(f"{source} cannot be read: {error.strerror or error}.") from error
    except Refused as reason:
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
            with regular(source.joinpath(*there[0], name)) as file:
                return there[0], at_most(file, LARGEST)
        with source.open("rb") as file:
            return _at_the_top(file, name, around)
    except OSError as error:
        raise GradingError(f"{source} cannot be read: {error.strerror or error}.") from error
    except Refused as reason:
        raise GradingError(f"{name} in {source} {reason}.") from reason


def _at_the_top(
    file: IO[bytes], name: str, around: re.Pattern[str]
) -> tuple[tuple[str, ...], bytes] | None:
    try:
        archive = opened(file, MOST_ENTRIES)
    except Refused:  # `notebooks` says so
        return None
    with archive:
        for entry in archive.infolist():
            path = parts(entry.filename)
            top = len(path) == 1 or (len(path) == 2 and around.fullmatch(path[0]))
            if top and path[-1] == name:
                check_entry(entry, path)
                return path[:-1], unpacked(archive, entry, LARGEST)
    return None


def _in_folder(root: Path, budget: _Budget, wanted: _Wanted) -> Iterator[Found]:
    top = ("submitted",) if root.name == "submitted" else ()
    for folder, folders, files in os.walk(root):
        above = (*top, *Path(folder).relative_to(root).parts)
        folders[:] = sorted(name for name in folders if not wanted.passes_over((*above, name)))
        if len(above) >= MOST_FOLDERS and folders:
            folders.clear()
            yield Found(above, refused="is not looked into: it lies in too many folders")
        for name in sorted([*files, *(n for n in folders if Path(folder, n).is_symlink())]):
            place, path = Path(folder, name), (*above, name)
            if wanted.passes_over(path):
                continue
            budget.spend(entries=1)
            try:
                with regular(place) as file:
                    modified = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                    if place.suffix.lower() == ".zip":
                        inner = _in_zip(file, path, modified, budget.inner(), 2, wanted)
                        yield from (replace(found, zoned=True) for found in inner)
                    elif most := wanted.most(path):
                        content = at_most(file, most, wanted.cuts)
                        budget.spend(size=len(content))
                        yield Found(path, content, modified, zoned=True)
                    else:
                        yield Found(path, refused="is not a notebook", aside=True)
            except Refused as reason:
                yield Found(path, refused=str(reason))
            except OSError as error:
                yield Found(path, refused=f"cannot be read: {error.strerror or error}")


def _in_zip(
    file: IO[bytes],
    where: tuple[str, ...],
    modified: datetime | None,
    budget: _Budget,
    depth: int,
    wanted: _Wanted,
) -> Iterator[Found]:
    """What lies in an archive; `modified` is when it was written itself, if a student made it."""
    if depth > DEEPEST:
        raise Refused(f"is an archive in more than {DEEPEST - 1} archives")
    with opened(file, STUDENTS_ENTRIES if depth > 1 else MOST_ENTRIES) as archive:
        for entry in archive.infolist():
            name = parts(entry.filename)
            path = (*where, *name)
            if (name[-1] == "" and len(name) > 1) or wanted.passes_over(path):
                continue  # a folder, or nothing of the student's
            budget.spend(entries=1)
            written = modified or written_at(entry)
            try:
                check_entry(entry, name)
                if Path(path[-1]).suffix.lower() == ".zip":
                    content = unpacked(archive, entry, STUDENTS_BYTES)
                    budget.spend(size=len(content))
                    inside = io.BytesIO(content)
                    inner = budget.inner()
                    yield from _in_zip(inside, path, written, inner, depth + 1, wanted)
                elif most := wanted.most(path):
                    content = unpacked(archive, entry, most, wanted.cuts)
                    budget.spend(size=len(content))
                    saved = written_at(entry) if depth > 1 else None
                    yield Found(path, content, written, saved)
                else:
                    yield Found(path, refused="is not a notebook", aside=True)
            except Refused as reason:
                yield Found(path, refused=str(reason))


def _is_nobodys(path: tuple[str, ...]) -> bool:
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in path)
