"""Reads what a student handed in, or says in a sentence why it cannot be read."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import nbformat
from dateutil import parser, tz
from nbformat import NotebookNode

from autograder.cells import grade_id
from autograder.examiner.wire import whole

LARGEST = 50 * 2**20  # bytes
_MOST_CELLS, _MOST_NOTES = 2000, 5
LONGEST_CELL, LONGEST = 20_000, 300_000  # characters of a cell, and of all cells together
_LARGEST_OUTPUT = 2**20  # characters of a cell's saved outputs
_LONGEST_TIME = 200  # bytes of timestamp.txt
_AGAIN = "Open the notebook in JupyterLab, save it, look whether it is whole, and hand it in again."
_ANOTHER = "Hand in the .ipynb file that JupyterLab saves."
_PAGE = (
    "is a web page, often the log-in page that was saved in its place, or an export as HTML. "
    f"{_ANOTHER}"
)
# How files begin that come under a notebook's name; their sentences continue that name.
_OTHER_FILES = {
    b"<!doctype": _PAGE,
    b"<html": _PAGE,
    b"pk\x03\x04": f"is a zip archive under another name. Unpack it. {_ANOTHER}",
    b"%pdf": f"is a PDF. {_ANOTHER}",
    b"version https://git-lfs": f"is a pointer of Git LFS. Run `git lfs pull`. {_ANOTHER}",
}
_CONFLICT = re.compile(rb"^[ \t]*<{7}(?:[ \t\r]|$)", re.MULTILINE)
_CONFLICT_END = re.compile(rb"^[ \t]*>{7}(?:[ \t\r]|$)", re.MULTILINE)
# More blank lines than anyone needs; a page takes time that grows with the square of their number.
_BLANK_LINES = re.compile(r"(\n(?:[^\S\n]*\n){100})(?:[^\S\n]*\n)+")
_LONGEST_WORD = 10  # characters that JSON's reader looks at together, such as `false` or `\u00e9`
_PARTS = {"stream": ("name", "text"), "display_data": ("data",), "execute_result": ("data",)}


class UnknownZone(ValueError):
    """A time zone that is not known; the message is its name."""


class Unreadable(Exception):
    """A submission that cannot be graded; the message is for the student and the instructor."""


def read_submission(path: Path) -> NotebookNode:
    """The submitted notebook, in the current format.

    A cell that is far longer than any answer is replaced by a sentence that says so. `cleaned` says
    what else is left out.

    Raises:
        Unreadable: It is missing, too large, or not a notebook.
    """
    try:
        content = _content(path)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.") from error
    try:
        if isinstance(content, dict) and content.get("nbformat") == 4:
            given = content["cells"]
        else:
            given = nbformat.convert(nbformat.from_dict(content), 4).cells
        if len(given) > _MOST_CELLS:
            raise Unreadable(f"{path.name} has {len(given)} cells; at most {_MOST_CELLS} can be.")
        return cleaned(given)
    except Unreadable:
        raise
    except Exception as error:  # whatever a malformed structure makes of nbformat
        raise Unreadable(
            f"{path.name} is JSON text, but not a Jupyter notebook. {_ANOTHER}"
        ) from error


def cleaned(given: Sequence[object]) -> NotebookNode:
    """A notebook of what counts in cells that anyone may have made.

    A cell that cannot be read costs itself only: it is left out. What is to be said of cells stands
    in `metadata.autograder.notes`.
    """
    notes: list[str] = []
    cells = []
    for number, cell in enumerate(given, 1):
        try:
            cells.append(_clean_cell(cell, f"cell-{number}", notes))
        except Exception:  # whatever it is made of
            notes.append(f"cell {number} of the file is not a cell of a notebook; it was left out")
    if given and not cells:
        raise ValueError("not one cell of a notebook")
    _shorten(cells)
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"{len(notes) - _MOST_NOTES} more cells cannot be read as they are"]
    metadata = {"autograder": {"notes": notes}} if notes else {}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)  # raises if it is not valid


def submitted_at(folder: Path) -> datetime | None:
    """When a submission came, by its timestamp.txt as nbgrader writes it; None without one.

    Raises:
        Unreadable: It does not say a time.
    """
    path = folder / "timestamp.txt"
    if not path.exists() and not path.is_symlink():
        return None
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LONGEST_TIME:
            raise ValueError("it is not a small file")
        time = time_of(path.read_text())
        if not 1990 <= time.year <= 2200:
            raise ValueError("it is far from any course")
    except UnknownZone as error:
        raise Unreadable(
            f"timestamp.txt names the time zone {error}, which is not known, so it counts as in "
            "time. A zone that is known is +0200, UTC or Europe/Berlin."
        ) from error
    except Exception as error:  # whatever a malformed text makes of the parser
        raise Unreadable(
            "timestamp.txt does not say when it was submitted, so it counts as in time."
        ) from error
    return time


def time_of(text: str) -> datetime:
    """A time as nbgrader's timestamps tell it, in UTC and without a time zone.

    Raises:
        UnknownZone: It names a time zone that is not known; the message is its name.
        ValueError: It is no time.
    """
    text = text.strip()
    moment, _, named = text.rpartition(" ")
    if "/" in named:  # Europe/Berlin, which the parser does not take
        parsed = parser.parse(moment).replace(tzinfo=_zone(named, None))
    else:
        parsed = parser.parse(text, tzinfos=_zone)
    return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return tz.tzoffset(name, offset)
    zone = tz.gettz(name) if name else None
    if name and zone is None:
        raise UnknownZone(name)
    return zone


def _content(path: Path) -> object:
    """What the file's JSON text says."""
    name = path.name
    if path.is_symlink() or path.parent.is_symlink():
        raise Unreadable(f"{name} is a link to another place; hand in the file itself.")
    if not path.exists():
        others = sorted(p.name for p in path.parent.glob("*") if p.name != "timestamp.txt")
        found = f"There is {', '.join(others[:3])}." if others else "The folder is empty."
        raise Unreadable(f"{name} is missing: the file's name must be exactly that. {found}")
    if not path.is_file():
        raise Unreadable(f"{name} is a folder, not a notebook file.")
    if path.stat().st_size > LARGEST:
        size = path.stat().st_size // 2**20
        raise Unreadable(f"{name} has {size} MB; clear its outputs (at most {LARGEST >> 20} MB).")
    content = path.read_bytes()
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name} {_what_it_is(content, error)}") from error


def _what_it_is(content: bytes, error: Exception) -> str:
    """What is wrong with a file that is not JSON text, and what to do; continues its name."""
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content.strip(b" \t\r\n\0"):
        return f"is empty: saving or uploading it failed. {_AGAIN}"
    for beginning, sentence in _OTHER_FILES.items():
        if start.startswith(beginning):
            return sentence
    if (first := _CONFLICT.search(content)) and _CONFLICT_END.search(content):
        line = content.count(b"\n", 0, first.start()) + 1
        return (
            f"holds conflict markers of Git (`<<<<<<<` in line {line}): a merge was not finished. "
            f"Choose one version, for example by `git checkout --ours FILE`. {_AGAIN}"
        )
    if start.startswith(b"{") and _is_cut_off(content, error):
        return f"ends in the middle: saving or uploading it was cut off. {_AGAIN}"
    line = f" Line {error.lineno} is wrong." if isinstance(error, json.JSONDecodeError) else ""
    return f"is not a notebook: it is not JSON text.{line} {_ANOTHER}"


def _is_cut_off(content: bytes, error: Exception) -> bool:
    """Return True if what is there is right as far as it goes."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    end = len(error.doc.rstrip("\0 \t\r\n"))
    if error.msg.startswith("Unterminated string"):  # the place is where the string begins
        return True
    within = error.pos >= end - _LONGEST_WORD and not error.doc[:end].endswith("}")
    return error.pos >= end or within


def _clean_cell(cell: Any, name: str, notes: list[str]) -> NotebookNode:
    """A cell's type, text, nbgrader id and saved outputs; everything else is left out."""
    kind = cell["cell_type"]
    if kind not in ("code", "markdown", "raw"):
        raise ValueError(f"a cell of type {kind!r}")
    known_as = grade_id(cell)
    plain = re.fullmatch(r"[\w-]{1,60}", known_as)
    called = f"the cell `{known_as}`" if plain else f"{name.replace('-', ' ')} of the file"
    source = _joined(cell.get("source"))
    if not isinstance(source, str):
        notes.append(f"{called} holds no text; it counts as empty")
        source = ""
    source = whole(source.replace("\r\n", "\n").replace("\r", "\n"))
    source = _BLANK_LINES.sub(r"\1", source)
    if kind == "code" and _CONFLICT.search(source.encode()):
        notes.append(f"{called} holds conflict markers of Git (`<<<<<<<`), which are not Python")
    metadata = NotebookNode()
    if known_as:
        metadata.nbgrader = NotebookNode(grade_id=whole(known_as))
    clean = NotebookNode(cell_type=kind, id=name, metadata=metadata, source=source)
    if kind == "code":
        clean.update(execution_count=None, outputs=_saved_outputs(cell.get("outputs")))
    elif kind == "markdown":
        clean.source = without_attachments(source)
    return clean


def without_attachments(markdown: str) -> str:
    """A text in which a pasted picture is only named: the picture itself is not kept."""
    return markdown.replace("attachment:", "attachment ")


def _shorten(cells: list[NotebookNode]) -> None:
    """Leave out the text of cells that are too long, or that come after too much text."""
    total = 0
    for cell in cells:
        length = len(cell.source)
        if length > LONGEST_CELL or total + length > LONGEST:
            mark = "# " if cell.cell_type == "code" else ""
            cell.source = f"{mark}(A text of {length:,} characters stood here. It was left out.)"
        total += len(cell.source)


def _saved_outputs(outputs: object) -> list[NotebookNode]:
    """What a cell showed when it was saved; errors are left out, and what is of no known form."""
    kept, size = [], 0
    for output in outputs if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        kind = kind if isinstance(kind, str) else ""
        parts = {name: output.get(name) for name in _PARTS.get(kind, ())}
        if isinstance(data := parts.get("data"), dict):
            texts = ((mime, _joined(text)) for mime, text in data.items())
            parts["data"] = {mime: text for mime, text in texts if isinstance(text, str)}
        if "text" in parts:
            parts["text"] = _joined(parts["text"])
        size += len(json.dumps(parts))
        if not parts or parts.get("data") == {} or size > _LARGEST_OUTPUT:
            continue
        parts["output_type"] = kind
        if kind != "stream":
            parts["metadata"] = _alternative_text(output.get("metadata"))
        if kind == "execute_result":
            parts["execution_count"] = None
        made = nbformat.from_dict(parts)
        if nbformat.validator.isvalid(made, ref="output", version=4):
            kept.append(made)
    return kept


def _alternative_text(metadata: object) -> dict[str, dict[str, str]]:
    """What an output's metadata say of a figure to those who do not see it."""
    figure = metadata.get("image/png") if isinstance(metadata, dict) else None
    text = figure.get("alt") if isinstance(figure, dict) else None
    return {"image/png": {"alt": text[:1000]}} if isinstance(text, str) else {}


def _joined(text: Any) -> Any:
    """A text that nbformat may store as a list of lines."""
    lines = isinstance(text, list) and all(isinstance(line, str) for line in text)
    text = "".join(text) if lines else text
    return whole(text) if isinstance(text, str) else text
