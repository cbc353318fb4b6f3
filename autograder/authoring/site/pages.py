"""Writes what Sphinx is given: a home page, and each released notebook with its demonstrations.

Nothing is run: outputs come from the executed notebooks under solutions/, by the id of their cell.
Answers and grade cells show none, since theirs are those of the reference solution.
"""

import base64
import html
import re
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

import jinja2
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder import cells
from autograder.authoring.publish import repository
from autograder.authoring.sources import AuthoringError, Problem, label
from autograder.authoring.summaries import Summary, summary

ASSETS = Path(__file__).parent / "assets"
_BADGE = re.compile(r"^\[!\[[^\]]*\]\(https?://[^)]*\)\]\([^)]*\)\n?", re.MULTILINE)
_COMMENT = re.compile(r"\A<!--.*?-->\n", re.DOTALL)
_HEADING = re.compile(r"^# .+\n", re.MULTILINE)
_TAGS = {"solution": "answer", "grade": "check", "set-up": "set-up"}


@dataclass(frozen=True)
class Card:
    """What the home page shows of a notebook.

    Attributes:
        summary: Its title, time and points.
        picture: What its picture shows, in words.
        builds: What students build in it.
    """

    summary: Summary
    picture: str
    builds: str


def write_sources(root: Path, names: list[str], folder: Path) -> None:
    """Write index.md, <assignment>/<assignment>.ipynb and pictures beside these into a folder.

    Raises:
        AuthoringError: Notebooks were not built or differ from each other, a figure has no
            alternative text, or README.md lacks an assignment; lists all of it.
    """
    problems: list[Problem] = []
    for name in names:
        try:
            path = folder / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(_page(root, name, path.parent), path)
        except AuthoringError as error:
            problems += error.problems
    try:
        home = _home(root, names, folder)
        (folder / "index.md").write_text(home, encoding="utf-8")
    except AuthoringError as error:
        problems += error.problems
    if problems:
        raise AuthoringError(*problems)


def course_title(root: Path) -> str:
    """The heading of README.md up to a colon."""
    heading = _HEADING.search((root / "README.md").read_text(encoding="utf-8"))
    return heading[0].removeprefix("# ").partition(":")[0].strip() if heading else "The course"


def _home(root: Path, names: list[str], folder: Path) -> str:
    """The text of the home page; its pictures are written into the folders of the notebooks."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    cards, problems = [], []
    for name in names:
        picture = re.search(rf"^!\[(.+)\]\(notebooks/{name}\.png\)$", readme, re.MULTILINE)
        row = re.search(rf"^\|[^|]*\(notebooks/{name}/[^|]*\|([^|]+)\|", readme, re.MULTILINE)
        if not (picture and (root / f"notebooks/{name}.png").exists()):
            message = f"shows no picture notebooks/{name}.png: the home page of the site needs one."
            problems.append(Problem("README.md", "", message))
        if not row:
            message = f"has no row for {name} in its table of notebooks."
            problems.append(Problem("README.md", "", message))
        if picture and row and not problems:
            shutil.copy(root / f"notebooks/{name}.png", folder / name)
            cards.append(Card(summary(root, name), picture[1], row[1].strip()))
    if problems:
        raise AuthoringError(*problems)
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((ASSETS / "home.md.txt").read_text(encoding="utf-8"))
    return template.render(
        title=course_title(root), cards=cards, first=names[0], repository=repository(root)
    )


def _page(root: Path, name: str, folder: Path) -> NotebookNode:
    """A released notebook as the site shows it; its figures are written into a folder."""
    released, executed = (
        _read(root, f"{folder}/{name}/{name}.ipynb") for folder in ("notebooks", "solutions")
    )
    outputs = {cell.id: cell for cell in executed.cells}
    shown, problems = [], []
    for number, cell in enumerate(released.cells, 1):
        if cell.cell_type != "code":
            shown.append(new_markdown_cell(cell.source, id=cell.id))
            continue
        node = new_code_cell(cell.source, id=cell.id)
        kind = cells.role(cell)
        node.metadata.tags = [_TAGS[kind]] if kind in _TAGS else []
        if kind not in ("solution", "grade") and "lab.scoreboard(" not in cell.source:
            same = outputs.get(cell.id)
            if same is None or same.source != cell.source:
                message = "differs from its executed twin in solutions/: run `make build`."
                problems.append(Problem(_file(name), label(number, cell), message))
                continue
            try:
                node.outputs = _outputs(same, folder)
            except ValueError as reason:
                problems.append(Problem(_file(name), label(number, cell), str(reason)))
        shown.append(node)
    if problems:
        raise AuthoringError(*problems)
    shown[0].source = _opening(root, name, shown[0].source)
    metadata = {"kernelspec": released.metadata.kernelspec, "language_info": {"name": "python"}}
    return new_notebook(cells=shown, metadata=metadata)


def _file(name: str) -> str:
    return f"notebooks/{name}/{name}.ipynb"


def _read(root: Path, file: str) -> NotebookNode:
    path = root / file
    if not path.exists():
        raise AuthoringError(Problem(file, "", "is missing: run `make build`."))
    return nbformat.read(path, as_version=4)


def _outputs(cell: NotebookNode, folder: Path) -> list[NotebookNode]:
    """What a page shows of a cell's outputs; figures are written into a folder.

    Raises:
        ValueError: A figure does not say what it shows.
    """
    outputs = []
    for number, output in enumerate(cell.outputs, 1):
        data = output.get("data", {})
        if "image/png" in data:
            name, picture = f"{cell.id}-{number}.png", base64.b64decode(data["image/png"])
            (folder / name).write_bytes(picture)
            data = {"text/html": _figure(name, picture, output.metadata.get("image/png", {}))}
            output = new_output("display_data", data)
        elif data:  # what a page cannot show, such as widgets, is left out
            kinds = {kind: data[kind] for kind in ("text/html", "text/plain") if kind in data}
            output = new_output("display_data", kinds)
        outputs.append(output)
    return outputs


def _figure(name: str, picture: bytes, about: dict[str, str]) -> str:
    """The markup of a PNG, with its size, so that the page does not jump while it loads."""
    if not about.get("alt"):
        raise ValueError("has a figure without alternative text.")
    width, height = struct.unpack(">II", picture[16:24])
    size = f'width="{width}" height="{height}"'
    return f'<img src="{name}" alt="{html.escape(about["alt"])}" {size}>'


def _opening(root: Path, name: str, source: str) -> str:
    """The first cell with links in place of its badges, which other hosts would serve."""
    source = _BADGE.sub("", _COMMENT.sub("", source))
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((ASSETS / "open.html.txt").read_text(encoding="utf-8"))
    links = template.render(name=name, repository=repository(root))
    return _HEADING.sub(lambda heading: f"{heading[0]}\n{links}\n\n", source, count=1)
