"""Reads the files that lie beside a submitted notebook, such as modules that it imports.

They are for the student's process alone. What a file must be is said in `read_beside`; whatever is
left out is named to the student and the instructor. `collect` places the usable ones. `plan` makes
the content part of what decides a verdict, and `similar` compares it.
"""

import errno
import importlib.machinery
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

MOST_FILES, MOST_BYTES = 20, 2**20
_LONGEST_NAME, _LONGEST_ON_DISK = 100, 255  # characters, bytes
_NAMED = 5  # files that a note names
_NEVER = frozenset([".dll", ".dylib", ".pth", ".pyc", ".pyd", ".pyo", ".so"])
_RUN_BY_PYTHON = frozenset(["sitecustomize", "usercustomize"])
_RECEIPTS = frozenset(["timestamp.txt", "submission_secret.txt"])
_OF_SYSTEMS = frozenset(["__macosx", "__pycache__", "desktop.ini", "thumbs.db"])


@dataclass(frozen=True)
class Beside:
    """What lies beside a notebook.

    Attributes:
        files: Texts by name.
        unused: Of what is left out, the reason by name.
    """

    files: dict[str, str] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)

    def notes(self) -> list[str]:
        """A sentence that names what is left out, if anything is."""
        if not self.unused:
            return []
        named = [f"`{_shown(n)}` ({why})" for n, why in [*self.unused.items()][:_NAMED]]
        more = len(self.unused) - len(named)
        return [f"not used beside the notebook: {', '.join(named)}{f', {more} more' * (more > 0)}"]


def read_beside(folder: Path, notebook: str) -> Beside:
    """The usable files of a submission's folder, modules first.

    A file is usable if it is a regular file of UTF-8 text and no link, has an ordinary name, is
    nothing that Python runs by itself or loads as machine code, and has no installed module's name,
    which would be imported in its place. All together are at most 20 files and 1 MB.

    Args:
        folder: The submission's folder.
        notebook: The name of the notebook's file.
    """
    found = Beside()
    try:
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return found
    try:
        left = MOST_BYTES
        names = [n for n in os.listdir(top) if n != notebook and not is_of_a_system(n)]
        for name in sorted(names, key=lambda name: (not name.endswith(".py"), name)):
            try:
                if why := fault_of_name(name):
                    raise _Unused(why)
                if len(found.files) >= MOST_FILES:
                    raise _Unused(f"more than {MOST_FILES} files")
                found.files[name] = text = _text(top, name, left)
                left -= len(text.encode())
            except _Unused as reason:
                found.unused[name] = str(reason)
    finally:
        os.close(top)
    return found


class _Unused(Exception):
    """Why a file is left out."""


def is_of_a_system(name: str) -> bool:
    """Return True for what systems put beside a notebook, of which nothing is said."""
    return name.startswith(".") or name in _RECEIPTS or name.lower() in _OF_SYSTEMS


def fault_of_name(name: str) -> str:
    """Why no file that is called so can be used; empty if one can."""
    path = Path(name.lower())
    if not name.isprintable() or len(name) > _LONGEST_NAME or {*name} & {*"/\\"} or not name:
        return "its name"
    if len(name.encode()) > _LONGEST_ON_DISK:
        return "its name"
    if path.suffix == ".ipynb":
        return "another notebook"
    if _NEVER & {*path.suffixes} or path.name.partition(".")[0] in _RUN_BY_PYTHON:
        return "of a kind that is never used"
    if path.suffix == ".py" and _is_installed(Path(name).stem):
        return "an installed module has its name"
    return ""


def _is_installed(module: str) -> bool:
    installed = [place for place in sys.path if place.endswith("-packages")]
    if module in sys.stdlib_module_names or module == "autograder":
        return True
    return importlib.machinery.PathFinder.find_spec(module, installed) is not None


def _text(top: int, name: str, most: int) -> str:
    """The content of a file in a folder that is open."""
    try:
        kind = os.stat(name, dir_fd=top, follow_symlinks=False).st_mode
        if stat.S_ISREG(kind):  # it may be another one by now, so what was opened is looked at
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            with open(os.open(name, flags, dir_fd=top), "rb") as file:
                kind = os.fstat(file.fileno()).st_mode
                content = file.read(most + 1) if stat.S_ISREG(kind) else b""
    except OSError as error:
        why = "a link" if error.errno == errno.ELOOP else "it cannot be read"
        raise _Unused(why) from error
    if not stat.S_ISREG(kind):
        kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder"}
        raise _Unused(kinds.get(stat.S_IFMT(kind), "not a file"))
    if len(content) > most:
        raise _Unused(f"more than {MOST_BYTES >> 20} MB together")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise _Unused("not text in UTF-8") from error
    if "\0" in text:
        raise _Unused("not text in UTF-8")
    return text


def _shown(name: str) -> str:
    """A name as a note can hold it."""
    odd = "\N{REPLACEMENT CHARACTER}"
    return "".join(c if c.isprintable() and c != "`" else odd for c in name[:_LONGEST_NAME])
