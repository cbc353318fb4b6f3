"""Says where committed notebooks are not what their source gives, and what students would see.

`autograder build --check` calls it; nothing is executed and outputs of solution notebooks are not
compared (nbval does that).
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.release import release
from autograder.authoring.rules import REGIONS, hidden_lines, open_text
from autograder.authoring.sources import Problem, Source, label

_MEND = "run `make build`"


def drift(root: Path, source: Source) -> list[Problem]:
    """Compare both committed notebooks of an assignment, and the files beside, with the source.

    Raises:
        AuthoringError: nbgrader refuses to make a release of the source.
    """
    assignment = source.assignment
    solution = root / "solutions" / assignment / f"{assignment}.ipynb"
    problems = [*_notebook_problems(root, solution, source.notebook)]
    problems += _strangers(root, source)
    with tempfile.TemporaryDirectory() as scratch:
        expected = release(root, assignment, source.notebook, Path(scratch))
        problems += _release_problems(root, root / "notebooks" / assignment, expected)
    return problems + leaks(root, source, root / "notebooks" / assignment)


def leaks(root: Path, source: Source, folder: Path, others: Iterable[Source] = ()) -> list[Problem]:
    """What a release folder would tell students: markers, hidden lines, outputs.

    A line that the source, or one of the others, also shows openly, as demonstrations do, is not
    secret.
    """
    cells = [cell for one in (source, *others) for cell in one.cells]
    public = "\n".join(open_text(cell) for cell in cells)
    secrets = {
        line: cell.label
        for cell in source.cells
        for line in hidden_lines(cell)
        if line not in public
    }
    problems = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        file = str(path.relative_to(root if path.is_relative_to(root) else folder))
        texts = {"": path.read_bytes().decode("utf-8", "ignore")}
        if path.suffix == ".ipynb":
            cells = [(label(n, c), c) for n, c in enumerate(nbformat.read(path, 4).cells, 1)]
            texts = {name: cell.source for name, cell in cells}
            for name, cell in cells:
                if cell.get("outputs") or cell.get("execution_count"):
                    problems.append(Problem(file, name, f"has outputs: {_MEND}."))
        for name, text in texts.items():
            shown = [f"`{s}`, hidden in {secrets[s]}" for s in secrets if s in text]
            shown += [f"BEGIN {marker}" for marker in REGIONS if f"BEGIN {marker}" in text]
            problems += [Problem(file, name, f"students would see {what}.") for what in shown]
    return problems


def _notebook_problems(root: Path, path: Path, expected: NotebookNode) -> Iterator[Problem]:
    """How the cells of a committed notebook differ; the first cell that differs is named."""
    file = str(path.relative_to(root))
    if not path.exists():
        yield Problem(file, "", f"is missing: {_MEND}.")
        return
    committed = nbformat.read(path, as_version=4)
    for number, (is_, should) in enumerate(zip(committed.cells, expected.cells, strict=False), 1):
        aspects = [
            ("type", is_.cell_type, should.cell_type),
            ("text", is_.source, should.source),
            ("nbgrader metadata", is_.metadata.get("nbgrader"), should.metadata.get("nbgrader")),
            ("tags", is_.metadata.get("tags"), should.metadata.get("tags")),
            ("metadata", is_.metadata, should.metadata),
            ("id", is_.get("id"), should.id),
        ]
        different = [name for name, one, other in aspects if one != other]
        if different:
            what = _first_difference(is_.source, should.source)
            message = f"its {different[0]} is not what the source gives{what}: {_MEND}."
            yield Problem(file, label(number, is_), message)
            return
    if len(committed.cells) != len(expected.cells):
        counts = f"{len(committed.cells)} cells where the source gives {len(expected.cells)}"
        yield Problem(file, "", f"has {counts}: {_MEND}.")


def _first_difference(one: str, other: str) -> str:
    for is_, should in zip([*one.splitlines(), ""], [*other.splitlines(), ""], strict=False):
        if is_ != should:
            return f" (`{is_.strip()}` where the source gives `{should.strip()}`)"
    return ""


def _release_problems(root: Path, folder: Path, expected: Path) -> Iterator[Problem]:
    committed = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    committed = {p for p in committed if ".ipynb_checkpoints" not in p.parts}
    wanted = {p.relative_to(expected) for p in expected.rglob("*") if p.is_file()}
    for path in sorted(committed | wanted):
        file = str((folder / path).relative_to(root))
        if path.suffix == ".ipynb" and path in wanted:
            notebook = nbformat.read(expected / path, as_version=4)
            yield from _notebook_problems(root, folder / path, notebook)
        elif path not in committed:
            yield Problem(file, "", f"is missing from the release: {_MEND}.")
        elif path not in wanted:
            yield Problem(file, "", f"is not in solutions/: {_MEND}, which removes it.")
        elif (folder / path).read_bytes() != (expected / path).read_bytes():
            yield Problem(file, "", f"is not the file in solutions/: {_MEND}.")


def _strangers(root: Path, source: Source) -> Iterator[Problem]:
    """Other notebooks beside the generated one: nbgrader would release them, too."""
    for path in sorted((root / "solutions" / source.assignment).glob("*.ipynb")):
        if path.stem != source.assignment:
            file = str(path.relative_to(root))
            yield Problem(file, "", "does not belong here: nbgrader would release it to students.")
