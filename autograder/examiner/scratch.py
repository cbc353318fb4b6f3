"""The folder in which a process works, and the files that the student's process finds there.

Files that were handed in beside a notebook go from the grading host to the student's process alone,
over a descriptor of its own. The judge's folder is another one and stays empty.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec


@contextlib.contextmanager
def sent(files: Mapping[str, str]) -> Iterator[int]:
    """A descriptor from which `fill` reads files, by their names."""
    descriptor = os.memfd_create("files")
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(msgspec.msgpack.encode(files))
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def own_folder(isolated: bool) -> Iterator[None]:
    """Work in a new folder; a sandboxed process gets its folder with its namespaces."""
    if isolated:
        yield
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        yield


def fill(descriptor: int) -> None:
    """Write the files that were sent into the working directory."""
    if content := os.pread(descriptor, os.fstat(descriptor).st_size, 0):
        for name, text in msgspec.msgpack.decode(content, type=dict[str, str]).items():
            Path(name).write_text(text, encoding="utf-8", newline="")


def import_from_here() -> None:
    """Let modules of the working directory be imported, but none in place of an installed one."""
    sys.path.append("")  # the working directory of the moment, as in a kernel
