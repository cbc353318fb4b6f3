"""Opens a file, a zip archive or one of its entries that anyone may have made.

`archives` walks through them.
"""

import io
import itertools
import mmap
import os
import re
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

RATIO = 200  # an entry of more than a megabyte must not unpack to more than 200 times its size
_CENTRAL_ENTRY = re.compile(rb"PK\x01\x02")


class Refused(Exception):
    """What is not read; the message completes a sentence that begins with its name."""


def regular(path: Path) -> IO[bytes]:
    """Open a file, unless it is a link, a device or a pipe.

    Raises:
        Refused: It is.
        OSError: It cannot be opened.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Refused("is a link, a device or a pipe")
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def opened(file: IO[bytes], most: int) -> zipfile.ZipFile:
    """Open a zip archive of at most so many entries.

    Raises:
        Refused: It holds more, or is none.
    """
    _check_length(file, most)
    try:
        return zipfile.ZipFile(file)
    except Exception as error:  # whatever damage makes of zipfile
        raise Refused("is damaged, or no zip archive") from error


def _check_length(file: IO[bytes], most: int) -> None:
    """Count the entries before zipfile makes an object of each."""
    try:
        if isinstance(file, io.BytesIO):
            content = file.getbuffer()
        else:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise Refused("is empty") from error
    with content:
        entries = _CENTRAL_ENTRY.finditer(content)
        many = next(itertools.islice(entries, most, None), None) is not None
        del entries
    if many:
        raise Refused(f"holds more than {most} files")


def parts(name: str) -> tuple[str, ...]:
    """An entry's folders and its name; the name of a folder is empty, as is that of the root."""
    first, *rest = name.replace("\\", "/").removeprefix("./").split("/")
    inner = [part for part in rest[:-1] if part not in ("", ".")]
    return (first, *inner, *rest[-1:])


def check_entry(entry: zipfile.ZipInfo, name: tuple[str, ...]) -> None:
    """Look at what an entry says of itself.

    Raises:
        Refused: It leads out of the archive, is no file, or is packed in an unusual way.
    """
    if ".." in name or name[0] == "" or name[0][1:2] == ":":
        raise Refused("has a name that leads out of the archive")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refused("is a link, a device or a pipe")
    if entry.flag_bits & 1:
        raise Refused("is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("is compressed in another way than zip's usual one")


def unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, cut: bool = False
) -> bytes:
    """An entry's content, whatever size the archive claims that it has; see `at_most`.

    Raises:
        Refused: It is damaged or unpacks to too much.
    """
    try:
        with archive.open(entry) as file:
            content = at_most(file, most, cut)
    except Refused:
        raise
    except Exception as error:  # whatever damage makes of zipfile and zlib
        raise Refused("is damaged") from error
    if len(content) > max(2**20 + 1, RATIO * entry.compress_size):
        raise Refused(f"unpacks to more than {RATIO} times its size")
    return content


def at_most(file: IO[bytes], most: int, cut: bool = False) -> bytes:
    """What a file holds, if that is not more than so many bytes.

    Args:
        file: An open file.
        most: In bytes.
        cut: Of a longer file, give one byte more than that, by which it is known.

    Raises:
        Refused: It holds more.
    """
    content = file.read(most + 1)
    if len(content) > most and not cut:
        raise Refused(f"has more than {most >> 20} MB")
    return content


def written_at(entry: zipfile.ZipInfo) -> datetime | None:
    """An entry's time; archives tell local time, taken as this machine's, from 1980 on."""
    if entry.date_time[0] <= 1980:
        return None
    try:
        return datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
