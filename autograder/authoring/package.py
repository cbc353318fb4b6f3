"""Packs what students get: a folder that is ready to be a public repository, and the same as a zip.

`autograder package students` calls `pack_students`. The package holds the released notebooks,
what these import and read, found by following their code, and the desk that opens them; nothing is
copied because of its place.
"""

import ast
import json
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat

from autograder import cells
from autograder.authoring import points
from autograder.authoring.drift import leaks
from autograder.authoring.publish import badged, repository
from autograder.authoring.release import release
from autograder.authoring.sources import AuthoringError, Problem, assignments, read
from autograder.authoring.summaries import summary
from autograder.files import mode, write_whole, zipped
from autograder.imports import modules
from autograder.stale import difference, refusal

_TEMPLATES = Path(__file__).parent / "students"
_COPIED = (
    "LICENSE",
    ".binder/postBuild",
    ".binder/requirements.txt",
    ".binder/runtime.txt",
    ".binder/start",
    "requirements/student.txt",
)
_REQUIREMENTS = b"""# `pip install -r requirements.txt`, in this folder.
-r requirements/student.txt
-e .
"""


@dataclass(frozen=True)
class Package:
    """What was packed.

    Attributes:
        folder: The folder to publish.
        archive: The same files as a zip.
        assignments: Ids of the assignments in it.
        files: Their number.
    """

    folder: Path
    archive: Path
    assignments: tuple[str, ...]
    files: int


def pack_students(root: Path, place: Path, upto: str | None = None) -> Package:
    """Write `place`/students/ and `place`/students.zip; an older package there is replaced.

    A git repository in the folder survives, so that the next release can be committed in it.

    Args:
        root: The course root.
        place: Where to; it is made if need be.
        upto: How the id of the last assignment begins that students may have; None for all.

    Raises:
        AuthoringError: There is no such assignment, one was never built or is not what its source
            gives, students would see what answers an exercise, or the folder holds something else.
    """
    names = released(root, upto)
    files = student_files(root, names)
    if problems := [*_stale(root, names)]:
        raise AuthoringError(*problems)
    with tempfile.TemporaryDirectory() as scratch:
        _write(files, Path(scratch))
        if problems := [*package_problems(root, Path(scratch))]:
            raise AuthoringError(*problems)
    folder, archive = place / "students", place / "students.zip"
    _clear(folder)
    _write(files, folder)
    entries = ((f"students/{name}", content) for name, content in files.items())
    # Stored, because zlib's bytes depend on its version.
    write_whole(archive, zipped(entries, zipfile.ZIP_STORED))
    return Package(folder, archive, tuple(names), len(files))


def released(root: Path, upto: str | None) -> list[str]:
    """The ids of the assignments up to and with the one that begins with `upto`.

    Raises:
        AuthoringError: None or more than one begins so.
    """
    names = assignments(root)
    if upto is None:
        return names
    last = [name for name in names if name.startswith(upto)]
    if len(last) != 1:
        found = f"{len(last)} assignments begin" if last else "No assignment begins"
        message = f"{found} with {upto}. There is: {', '.join(names)}."
        raise AuthoringError(Problem("--upto", "", message))
    return names[: names.index(last[0]) + 1]


def student_files(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The content of each file that students get, by its path in the package, sorted.

    Raises:
        AuthoringError: A notebook is missing, or imports code that is not for students.
    """
    notebooks = {name: root / "notebooks" / name / f"{name}.ipynb" for name in names}
    for path in notebooks.values():
        if not path.exists():
            message = "is missing: run `make build`."
            raise AuthoringError(Problem(str(path.relative_to(root)), "", message))
    code = [tree for path in notebooks.values() for tree in _code(path)]
    imported = _modules(root, code) | _desk(root)
    said = {"autograder/lab/checks/shared.toml", *(f"{path[:-3]}.toml" for path in imported)}
    said = {path for path in said if (root / path).is_file()}  # the sentences of the checks
    settings = [p.relative_to(root).as_posix() for p in root.glob("autograder/desk/**/*.json")]
    files = {path: (root / path).read_bytes() for path in [*imported, *said, *settings, *_COPIED]}
    to_come = set(assignments(root)) - notebooks.keys()
    for name, path in notebooks.items():
        beside = [p for p in path.parent.rglob("*") if p.is_file()]
        for file in (root / f"notebooks/{name}.png", *beside):
            if file.exists() and ".ipynb_checkpoints" not in file.parts:
                files[file.relative_to(root).as_posix()] = file.read_bytes()
        file = f"notebooks/{name}/{name}.ipynb"
        files[file] = _unlinked(files[file], to_come)
    files |= _data(root, [*code, *imported.values()])
    files["requirements.txt"] = _REQUIREMENTS
    files["pyproject.toml"] = _project(root).encode()
    files["README.md"] = _readme(root, notebooks).encode()
    files[".gitignore"] = b".venv/\n__pycache__/\n*.egg-info/\n.ipynb_checkpoints/\nmy-work/\n"
    return dict(sorted(files.items()))


def _stale(root: Path, names: Iterable[str]) -> Iterator[Problem]:
    """Releases that are not what their sources give."""
    for name in names:
        file = Path("notebooks") / name / f"{name}.ipynb"
        with tempfile.TemporaryDirectory() as scratch:
            made = release(root, name, read(root, name).notebook, Path(scratch))
            expected = nbformat.read(made / file.name, as_version=4)
        if what := difference(nbformat.read(root / file, as_version=4).cells, expected.cells):
            yield Problem("", "", refusal(name, what))


def package_problems(root: Path, folder: Path) -> Iterator[Problem]:
    """What a packed folder would tell students of any exercise, those to come included.

    Hidden lines of all sources, and functions of its Python files that have the name of an exercise
    and are not its visible check.
    """
    sources = [read(root, name) for name in assignments(root)]
    for source in sources:
        yield from leaks(root, source, folder, others=sources)
    exercises = {
        cells.exercise(grade_id) for table in points.accepted(root).values() for grade_id in table
    }
    for path in sorted(folder.rglob("*.py")):
        file = path.relative_to(folder).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in sorted(_answers(tree) & exercises):
            yield Problem(file, "", f"defines `{name}`, which an exercise asks students to write.")


def _answers(module: ast.Module) -> set[str]:
    """Names that a module binds to functions or classes, visible checks left out."""
    names = set()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            calls = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
            if not any("visible_check" in ast.unparse(call) for call in calls):
                names.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(
            node.value, ast.Lambda | ast.Name | ast.Attribute
        ):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _code(notebook: Path) -> Iterator[ast.Module]:
    """The syntax trees of a notebook's code cells."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            yield cells.tree(cell.source)


def _modules(root: Path, code: Iterable[ast.Module]) -> dict[str, ast.Module]:
    """The course's modules that notebooks import, directly or not: path -> syntax tree."""
    found = {path.relative_to(root).as_posix(): tree for path, tree in modules(root, code).items()}
    for file in found:
        if not (file == "autograder/__init__.py" or file.startswith("autograder/lab/")):
            message = "students' notebooks need it, but it is not part of autograder/lab."
            raise AuthoringError(Problem(file, "", message))
    return found


def _unlinked(content: bytes, to_come: set[str]) -> bytes:
    """A notebook in which a link to a notebook that students do not have yet is plain text."""
    notebook = nbformat.reads(content.decode(), as_version=4)
    link = re.compile(r"\[([^\]]*)\]\(\.\./([\w.-]+)/\2\.ipynb\)")
    dead = False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = link.sub(lambda m: m[1] if m[2] in to_come else m[0], cell.source)
            dead = dead or text != cell.source
            cell.source = text
    return f"{nbformat.writes(notebook)}\n".encode() if dead else content


def _desk(root: Path) -> dict[str, ast.Module]:
    """The course's modules that the student's desk consists of: path -> syntax tree."""
    found = modules(root, [ast.parse("import autograder.desk.__main__")])
    return {path.relative_to(root).as_posix(): tree for path, tree in found.items()}


def _data(root: Path, code: Iterable[ast.Module]) -> dict[str, bytes]:
    """The data that code reads, what built them, and their checksums and licenses."""
    kept = _files_read(root, code)
    kept |= {f"build_{PurePosixPath(name).stem.replace('-', '_')}.py" for name in kept}
    kept &= {path.name for path in (root / "data").glob("*")}
    content = {f"data/{name}": (root / "data" / name).read_bytes() for name in kept}
    for name in content:
        if name.endswith(".sha256"):
            lines = content[name].decode().splitlines(keepends=True)
            content[name] = "".join(line for line in lines if line.split()[1] in kept).encode()
    licenses = _licenses((root / "data/LICENSES.md").read_text(encoding="utf-8"), kept)
    return content | {"data/LICENSES.md": licenses.encode()}


def _files_read(root: Path, code: Iterable[ast.Module]) -> set[str]:
    """Files of data/ whose names stand in functions of `autograder.lab.datasets` that code calls.

    What hidden tests judge with has a name of its own, which no function spells out. Measurements
    are named where they are called for.
    """
    module = ast.parse((root / "autograder/lab/datasets.py").read_text(encoding="utf-8"))
    definitions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    for node in module.body:
        if isinstance(node, ast.Assign):
            definitions |= {t.id: node for t in node.targets if isinstance(t, ast.Name)}
    waiting = {
        node.attr
        for tree in code
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("datasets")
    }
    used = set()
    strings: set[object] = {*_measurements_read(code)}
    while waiting & definitions.keys():
        used.add(name := (waiting & definitions.keys()).pop())
        for node in ast.walk(definitions[name]):
            if isinstance(node, ast.Name):
                waiting.add(node.id)
            elif isinstance(node, ast.Constant):
                strings.add(node.value)
        waiting -= used
    return {path.name for path in (root / "data").glob("*") if path.stem in strings}


def _measurements_read(code: Iterable[ast.Module]) -> set[str]:
    """Stems of the files of data/ that code names in calls of `datasets.measurements`."""
    return {
        f"measurements-{part.value}"
        for tree in code
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("datasets.measurements")
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
    }


def _licenses(text: str, kept: set[str]) -> str:
    """data/LICENSES.md without the sections, table rows and checksums of files left out."""
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    sections = [s for s in sections if s is sections[0] or kept & {*re.findall(r"`([\w.-]+)`", s)}]
    lines = []
    for line in "".join(sections).splitlines(keepends=True):
        about = re.match(r"\| `([\w.-]+\.\w+)` \||[0-9a-f]{64}  (\S+)$", line)
        if about is None or (about[1] or about[2]) in kept:
            lines.append(line)
    return "".join(lines)


def _project(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kept = ("name", "version", "readme", "requires-python", "license")
    lines = [f"{key} = {json.dumps(project[key])}" for key in kept]
    lines += ["", "[project.optional-dependencies]"]
    lines += [f"course = {json.dumps(project['optional-dependencies']['course'])}"]
    if named := repository(root):
        lines += ["", "[project.urls]", f"Repository = {json.dumps(named.address)}"]
    return _filled("pyproject.toml", project="\n".join(lines))


def _readme(root: Path, notebooks: dict[str, Path]) -> str:
    rows = []
    for name in notebooks:
        about = summary(root, name)
        link = f"[{about.title}](notebooks/{name}/{name}.ipynb)"
        rows.append(f"| {link} | {about.time} | {about.points} |")
    course = (root / "README.md").read_text(encoding="utf-8").splitlines()
    pictures = [s for s in course if re.fullmatch(r"!\[.*\]\(notebooks/(.+)\.png\)", s)]
    pictures = [s for s in pictures if any(f"/{name}.png)" in s for name in notebooks)]
    first = next(iter(notebooks))
    text = _filled("README.md", pictures="\n".join(pictures), rows="\n".join(rows))
    return badged(text, first, repository(root))


def _filled(name: str, **values: str) -> str:
    """A file that only students get, made from its template."""
    return (_TEMPLATES / f"{name}.txt").read_text(encoding="utf-8").format(**values)


def _clear(folder: Path) -> None:
    """Remove an older package; what it does not hold by name, such as `.git`, stays."""
    if not folder.exists():
        return
    ours = (folder / "autograder/lab").exists() and not (folder / "solutions").exists()
    if any(folder.iterdir()) and not ours:
        raise AuthoringError(Problem(str(folder), "", "is not a package: choose another place."))
    for name in ("autograder", "data", "notebooks", "requirements", ".binder"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _write(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        write_whole(folder / name, content)
        (folder / name).chmod(mode(content))
