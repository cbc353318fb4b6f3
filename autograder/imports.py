"""Follows the imports of code through this package; nothing is run.

`modules` is the entry point. Grading asks it which files decide a verdict, authoring which files
students' notebooks need. It reads the standard library's syntax trees only.
"""

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path


def modules(top: Path, code: Iterable[ast.Module]) -> dict[Path, ast.Module]:
    """The package's files that code imports, directly or through others, with their syntax trees.

    Imports inside functions count, and `importlib.import_module` of a name that stands there. The
    packages around a module come with it, because Python runs them first.

    Args:
        top: The folder that holds `autograder/`.
        code: Syntax trees whose imports are followed.
    """
    found: dict[Path, ast.Module] = {}
    known: set[str] = set()
    waiting = [frozenset(_imported(tree)) for tree in code]
    while waiting:
        new = waiting.pop() - known
        known |= new
        for name in new:
            stem = top.joinpath(*name.split("."))
            for path in (stem.with_suffix(".py"), stem / "__init__.py"):
                if path.is_file():
                    found[path], imported = _read(path, path.stat().st_mtime_ns)
                    waiting.append(imported)
    return found


@functools.lru_cache(maxsize=512)
def _read(path: Path, changed: int) -> tuple[ast.Module, frozenset[str]]:
    """A module's syntax tree, and what it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tree, frozenset(_imported(tree))


def _imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names of the package's modules that code imports, with the packages around them."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(package), names=aliases):
                names = [package, *(f"{package}.{alias.name}" for alias in aliases)]
            case ast.Import(names=aliases):
                names = [alias.name for alias in aliases]
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(str(name))]):
                names = [name]
            case _:
                names = []
        for name in names:
            if name.split(".")[0] == "autograder":
                for end in range(1, name.count(".") + 2):
                    yield ".".join(name.split(".")[:end])
