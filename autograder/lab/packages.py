"""Says which packages grading has, and warns where an answer needs another.

The visible checks call `warnings` in a notebook. Code is read, not run, and the standard library is
all that this module imports.
"""

import ast
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

GRADING_HAS = "Python's standard library, NumPy, Matplotlib, TensorFlow and Keras"
_THERE = sys.stdlib_module_names | {"IPython", "autograder", "keras", "matplotlib", "numpy",
                                    "tensorflow"}  # fmt: skip


def warnings(function: Any) -> list[str]:
    """What to do about modules that a student's function needs and grading may lack.

    Looked at are the imports of the cell, or of the file in the notebook's folder, in which it
    stands, the modules that it uses, and in the same way the functions that it calls. An import
    inside `try` is left out: there is a way without it.
    """
    found = []
    for name in sorted({*_modules(function, set())} - _THERE - {"", "__main__"}):
        place = Path.cwd() / f"{name}.py"
        if place.is_file():
            found.append(f"`{name}` is a file of yours: hand in {place.name} beside the notebook.")
        else:
            found.append(f"`{name}` may be missing where this is graded: there is {GRADING_HAS}.")
    return found


def _modules(function: Any, seen: set[int]) -> Iterator[str]:
    """Names of the modules on which a function depends, as far as can be seen."""
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    file = Path(function.__code__.co_filename)
    here = function.__module__ == "__main__" or file.parent == Path.cwd()
    if here or "-packages" in str(file):
        yield _top(function.__module__)
    if not here:
        return
    yield from _imports("".join(linecache.getlines(str(file))))
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType):
            yield _top(value.__name__)
        elif isinstance(value, FunctionType):
            yield from _modules(value, seen)
        elif isinstance(value, type):
            yield _top(value.__module__)


def _top(module: str | None) -> str:
    return (module or "").split(".")[0]


def _imports(source: str) -> Iterator[str]:
    """Modules that code imports, outside of `try`."""
    try:
        waiting: list[ast.AST] = [ast.parse(source)]
    except (SyntaxError, ValueError):
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (_top(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield _top(node.module)
        elif not isinstance(node, ast.Try):
            waiting += ast.iter_child_nodes(node)


def _names(code: CodeType) -> Iterator[str]:
    """Global names and attributes that code reads, inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
