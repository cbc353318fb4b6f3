"""Names the public repository of the course: in its badges, its Colab cells and pyproject.toml.

`autograder publish` calls `publish`; `rules` compares with what `addressed` writes. Until there is
a repository there are no badges, and the set-up cell of a notebook says that the course is missing
instead of installing it. Nothing installs the course by its bare name: that belongs to others.
"""

import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.authoring.release import release
from autograder.authoring.sources import AuthoringError, Problem, Source, assignments, read
from autograder.files import write_whole

_NAME = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}/(?!\.{1,2}$)[\w.-]{1,100}", re.ASCII)
_HOST = "https://github.com/"  # from which Colab and Binder open notebooks
_COLAB = "https://colab.research.google.com"
_BINDER = "https://mybinder.org"
_MISSING = """\
if importlib.util.find_spec("autograder") is None:
    raise RuntimeError("The course is not installed here: set it up as its README says.")
"""
_FETCH = """\
if importlib.util.find_spec("autograder") is None:  # Colab lacks the course: fetch it
    import subprocess
    import sys

    course = "autograder[course] @ git+ADDRESS"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", course], check=True)
"""
_SET_UP = re.compile(
    r'^if importlib\.util\.find_spec\("autograder"\) is None:.*\n(?:\n?    .*\n)+', re.MULTILINE
)
_URL = re.compile(r'^Repository = ".*"$', re.MULTILINE)


@dataclass(frozen=True)
class Repository:
    """A public repository on GitHub.

    Attributes:
        name: Its owner and its name, "OWNER/NAME".

    Raises:
        AuthoringError: The name is malformed.
    """

    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name.endswith(".git"):
            message = "is not OWNER/NAME, as in the address of a repository on GitHub."
            raise AuthoringError(Problem(f"`{self.name}`", "", message))

    @property
    def address(self) -> str:
        """Where people read it."""
        return _HOST + self.name

    def colab(self, assignment: str) -> str:
        """Where Colab opens a notebook."""
        path = f"notebooks/{assignment}/{assignment}.ipynb"
        return f"{_COLAB}/github/{self.name}/blob/main/{path}"

    def binder(self, assignment: str) -> str:
        """Where Binder opens a notebook: the student's copy, which the desk makes there."""
        path = f"my-work/{assignment}/{assignment}.ipynb"
        return f"{_BINDER}/v2/gh/{self.name}/HEAD?urlpath=lab/tree/{path}"


@dataclass(frozen=True)
class Published:
    """What `publish` did.

    Attributes:
        changed: The files that it changed, relative to the course root.
        stale: The assignments whose notebooks must be built, since they were not as their sources.
    """

    changed: tuple[str, ...]
    stale: tuple[str, ...]


def repository(root: Path) -> Repository | None:
    """The repository that pyproject.toml names, or None.

    Raises:
        AuthoringError: It names something else.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project.get("urls", {}).get("Repository")
    if address is None:
        return None
    if not address.startswith(_HOST):
        message = f"`{address}` does not begin with {_HOST}: run `autograder publish`."
        raise AuthoringError(Problem("pyproject.toml", "", message))
    return Repository(address.removeprefix(_HOST))


def publish(root: Path, to: Repository) -> Published:
    """Name a repository everywhere; another one that was named before is replaced.

    Executed notebooks that are as their sources get the new text and keep their outputs, which do
    not depend on it; student releases are made anew.

    Raises:
        AuthoringError: A source cannot be read, or nbgrader refuses to make a release of it.
    """
    before = {name: read(root, name) for name in assignments(root)}
    texts = {"pyproject.toml": _project(root, to)}
    texts |= {f: addressed(root, f, to) for f in ("README.md", *(s.file for s in before.values()))}
    changed = [file for file, text in texts.items() if text != _text(root, file)]
    for file in changed:
        write_whole(root / file, texts[file].encode())
    stale = []
    for name, source in before.items():
        if source.file in changed:
            notebooks = _carry_over(root, source, read(root, name))
            changed += notebooks
            stale += [] if notebooks else [name]
    return Published(tuple(changed), tuple(stale))


def addressed(root: Path, file: str, to: Repository | None) -> str:
    """The text of README.md or of a source, with the badges and the Colab cell of a repository.

    Args:
        root: The course root.
        file: The file, relative to it.
        to: The repository, or None for a course that has none.
    """
    if file == "README.md":
        return badged(_text(root, file), assignments(root)[0], to)
    return source_text(_text(root, file), Path(file).stem, to)


def source_text(text: str, assignment: str, to: Repository | None) -> str:
    """A source with the badges and the Colab cell of a repository."""
    cell = _FETCH.replace("ADDRESS", to.address) if to else _MISSING
    return badged(_SET_UP.sub(lambda _: cell, text), assignment, to, "# ")


def badged(text: str, assignment: str, to: Repository | None, mark: str = "") -> str:
    """A text with badges below its title that open an assignment in a repository.

    Args:
        text: Markdown.
        assignment: The assignment's id.
        to: The repository; without one there are no badges.
        mark: What each line of the Markdown begins with.
    """
    blank = f"{mark.rstrip()}\n"
    line = rf"^{mark}\[!\[(?:Open in Colab|Binder)\]\(.*\n"
    text = re.sub(rf"(?:{line})+(?:^{blank})?", "", text, flags=re.MULTILINE)
    if to is None:
        return text
    badges = (
        f"{mark}[![Open in Colab]({_COLAB}/assets/colab-badge.svg)]({to.colab(assignment)})\n"
        f"{mark}[![Binder]({_BINDER}/badge_logo.svg)]({to.binder(assignment)})\n"
    )
    title = re.compile(rf"^({mark}# .*\n)(?:{blank})?", re.MULTILINE)
    return title.sub(lambda found: f"{found[1]}{blank}{badges}{blank}", text, count=1)


def _project(root: Path, to: Repository) -> str:
    """The text of pyproject.toml with the repository's address."""
    text, line = _text(root, "pyproject.toml"), f'Repository = "{to.address}"'
    if _URL.search(text):
        return _URL.sub(lambda _: line, text)
    above, tools, below = text.partition("[tool.")
    return f"{above.rstrip()}\n\n[project.urls]\n{line}\n" + (f"\n{tools}{below}" if tools else "")


def _carry_over(root: Path, before: Source, after: Source) -> list[str]:
    """Take a changed source over into its notebooks; the changed files, none if they were stale."""
    name = before.assignment
    executed = root / "solutions" / name / f"{name}.ipynb"
    if not executed.exists():
        return []
    notebook = nbformat.read(executed, as_version=4)
    if [cell.source for cell in notebook.cells] != [cell.text for cell in before.cells]:
        return []
    for cell, new in zip(notebook.cells, after.cells, strict=True):
        cell.source = new.text
    with tempfile.TemporaryDirectory() as scratch:
        released = release(root, name, notebook, Path(scratch))
        nbformat.write(notebook, executed)
        shutil.rmtree(root / "notebooks" / name, ignore_errors=True)
        shutil.copytree(released, root / "notebooks" / name)
    return [f"{folder}/{name}/{name}.ipynb" for folder in ("solutions", "notebooks")]


def _text(root: Path, file: str) -> str:
    return (root / file).read_text(encoding="utf-8")
