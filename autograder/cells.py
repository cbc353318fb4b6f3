"""Says what a notebook's cell is: its role, id, points and hints, and the names that its code uses.

Authoring, the examiner and grading ask here and nowhere else; start at `role` and `names`. Cells
are plain mappings or nbformat's nodes. Nothing is run. The sandbox binds this file beside the
examiner, so it imports the standard library and IPython's input transformer only.
"""

import ast
import builtins
import re
import symtable
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from IPython.core.inputtransformer2 import TransformerManager

Role = Literal["prose", "set-up", "solution", "grade", "prediction", "plain"]
Cell = Mapping[str, Any]
AnyCell = TypeVar("AnyCell", bound=Cell)

_ALWAYS_THERE = frozenset(dir(builtins)) | {"__name__", "display", "get_ipython"}
# Magics whose line or body is Python, and the form of their options.
_RUN_PYTHON = {
    "capture": r"--\S+",
    "prun": r"-[DlsT]\s*\S+|-\S+",
    "time": r"--\S+",
    "timeit": r"-[nrp]\s*\S+|-\S+",
}
_PREDICT = ("key", "question", "options", "guess")  # the parameters of `lab.predict`
_transformer = TransformerManager()
_parsing = threading.RLock()  # also around warning filters, which belong to all threads
_HINT = re.compile(r"<details>\s*<summary>([^<]*)</summary>", re.IGNORECASE)


def role(cell: Cell) -> Role:
    """What a cell is for.

    Points win over a missing `"locked": true`: a code cell with points is a grade cell. A cell that
    has points and is also a solution is an answer that somebody grades by hand. Where nbgrader has
    no role for a code cell, its text says whether it is a prediction (see `predictions`); any other
    one, such as a demonstration, is "plain".
    """
    if cell["cell_type"] != "code":
        return "prose"
    if is_answer(cell):
        return "solution"
    if _nbgrader(cell).get("grade"):
        return "grade"
    if _nbgrader(cell).get("locked"):
        return "set-up"
    return "prediction" if predictions(cell) else "plain"


def predictions(cell: Cell) -> list[dict[str, Any]]:
    """The arguments of each `lab.predict` in a code cell that holds such calls and no more.

    Empty if anything else stands there, comments aside, or if an argument is not a literal: so no
    code hides in a cell that is a prediction, and nobody has to run it.
    """
    source = cell.get("source", "")
    if cell["cell_type"] != "code" or "lab.predict(" not in source:
        return []
    try:
        with _parsing, warnings.catch_warnings(action="ignore"):  # of a backslash in a guess
            return [_literals(statement) for statement in _parsed(source).body]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return []  # anyone may have written it


def _literals(statement: ast.stmt) -> dict[str, Any]:
    """The arguments of a call of `lab.predict`, by their names.

    Raises:
        ValueError: It is another statement, or an argument is not a literal.
    """
    match statement:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("lab"), "predict"), given, named)):
            values = [ast.literal_eval(value) for value in given]
            keywords = {str(k.arg): ast.literal_eval(k.value) for k in named}
            return dict(zip(_PREDICT, values, strict=False)) | keywords
    raise ValueError("not a prediction")


def grade_id(cell: Cell) -> str:
    """The id by which nbgrader knows a cell; empty if it has none."""
    name = _nbgrader(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def exercise(cell: Cell | str) -> str:
    """The name of the exercise that a grade cell, or the grade cell of an id, tests."""
    name = cell if isinstance(cell, str) else grade_id(cell)
    return name.removeprefix("test_")


def by_id(cells: Iterable[AnyCell]) -> dict[str, AnyCell]:
    """The cells that have a grade id, in order."""
    return {grade_id(cell): cell for cell in cells if grade_id(cell)}


def has_points(cell: Cell) -> bool:
    """Return True if a score is kept for the cell: a test, an answer graded by hand, or a task."""
    return bool(_nbgrader(cell).get("grade")) or is_task(cell)


def is_task(cell: Cell) -> bool:
    """Return True if the cell asks for work in cells that students add, graded by hand."""
    return bool(_nbgrader(cell).get("task"))


def points(cell: Cell) -> float | None:
    """The most points that the cell can earn, or None."""
    return _nbgrader(cell).get("points")


def is_answer(cell: Cell) -> bool:
    """Return True if students write the cell: code or prose."""
    return bool(_nbgrader(cell).get("solution"))


def is_locked(cell: Cell) -> bool:
    """Return True if students must not edit the cell: nbgrader's own rule."""
    details = _nbgrader(cell)
    return not is_answer(cell) and bool(details.get("grade") or details.get("locked"))


def text(source: str) -> str:
    """A cell's source as it is compared: kinds of line ends and trailing blanks make no difference.

    Editors change both without asking.
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()


def hints(task: str) -> Iterator[tuple[str, str]]:
    """The title and the text of each hint; a task may be a student's, so no search goes back."""
    for found in _HINT.finditer(task):
        end = task.find("</details>", found.end())
        if end < 0:
            return
        yield " ".join(found[1].split()), task[found.end() : end].strip()


def is_given(cell: Cell) -> bool:
    """Return True if intake found that this plain cell is the author's and unchanged."""
    return bool((cell.get("metadata") or {}).get("autograder", {}).get("given"))


def is_malformed(cell: Cell) -> bool:
    """Return True if the cell's nbgrader metadata is not a JSON object; such a cell has no role."""
    return not isinstance((cell.get("metadata") or {}).get("nbgrader", {}), Mapping)


def _nbgrader(cell: Cell) -> Mapping[str, Any]:
    details = (cell.get("metadata") or {}).get("nbgrader")
    return details if isinstance(details, Mapping) else {}


def tree(source: str, first_line: int = 1) -> ast.Module:
    """The syntax tree of a cell; `%time`, `%%capture` and their like become the code that they run.

    Args:
        source: The cell's text.
        first_line: The number of its first line.

    Raises:
        SyntaxError: The cell is not Python (IPython magics are).
    """
    above = source[: -len(source.lstrip()) or None].count("\n")  # lines that IPython leaves out
    code = _transformer.transform_cell(source)  # magics become calls
    module = _parsed("\n" * (first_line - 1 + above) + code)
    return ast.fix_missing_locations(_Expansion().visit(module))


def _parsed(code: str) -> ast.Module:
    """The syntax tree of code; one thread parses at a time.

    Before 3.11.8, Python 3.11 has one count for all threads of how deep it is in the trees that it
    builds. Where a garbage collection lets another thread parse meanwhile, a right cell ends with
    `SystemError: AST constructor recursion depth mismatch`.
    """
    with _parsing:
        return ast.parse(code)


class _Expansion(ast.NodeTransformer):
    """Replaces calls to magics by the code that these run."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        body = _code_of_magic(node.value)
        return self.generic_visit(node) if body is None else body or ast.Pass()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match _code_of_magic(node):
            case [ast.Expr(value=value)]:  # as in `result = %time f(x)`
                return value
        return self.generic_visit(node)


def _code_of_magic(node: ast.expr) -> list[ast.stmt] | None:
    """The statements that a call to a magic runs; None if `node` is something else."""
    match node:
        case ast.Call(func=ast.Attribute(attr="run_line_magic" | "run_cell_magic"), args=given):
            texts = [getattr(argument, "value", None) for argument in given]
        case _:
            return None
    match texts:
        case [magic, line, *body] if magic in _RUN_PYTHON and {*map(type, texts)} == {str}:
            line = re.sub(rf"^\s*(?:(?:{_RUN_PYTHON[magic]})\s+)*", "", f"{line} ").strip()
            if magic == "capture" and line:
                line = f"{line} = None"
            statements = tree(line, node.lineno).body
            for text in body:
                statements += tree(text, node.lineno + 1).body
            return statements
    return None


@dataclass(frozen=True)
class Names:
    """The names that tie a cell to others.

    Attributes:
        needs: Global names that it reads and does not bind first; builtins are left out.
        defines: Global names that are bound once it has run.
        stars: Modules from which it imports `*`.
        error: The reason why it is not Python, or None; such a cell has no names.
    """

    needs: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    stars: tuple[str, ...] = ()
    error: SyntaxError | None = None


def names(source: str) -> Names:
    """The names that a code cell reads and binds.

    Bodies of functions run later, so they may read what the cell binds after them. Branches count
    as taken.
    """
    flow = _Flow()
    try:
        flow.visit(tree(source))
    except SyntaxError as error:
        return Names(error=error)
    needs = (flow.needs | (flow.later - flow.defined)) - _ALWAYS_THERE
    return Names(frozenset(needs), frozenset(flow.defined), tuple(flow.stars))


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOP, _FUNCTION = ("iter", "target", "body", "orelse"), ("args", "decorator_list", "returns")
# Fields in the order in which Python evaluates them, where it is not that of the grammar.
_ORDER: dict[type, tuple[str, ...]] = {
    ast.AnnAssign: ("annotation", "value", "target"),
    ast.Assign: ("value", "targets"),
    ast.AsyncFor: _LOOP,
    ast.AsyncFunctionDef: _FUNCTION,
    ast.AugAssign: ("value", "target"),
    ast.ClassDef: ("decorator_list", "bases", "keywords"),
    ast.For: _LOOP,
    ast.FunctionDef: _FUNCTION,
    ast.Lambda: ("args",),
    ast.NamedExpr: ("value", "target"),
    **dict.fromkeys(_COMPREHENSIONS, ()),
}


class _Flow(ast.NodeVisitor):
    """Visits a module in the order in which it is run."""

    def __init__(self) -> None:
        self.needs: set[str] = set()
        self.later: set[str] = set()  # read by function bodies
        self.defined: set[str] = set()
        self.stars: list[str] = []

    def generic_visit(self, node: ast.AST) -> None:
        for field in _ORDER.get(type(node), node._fields):
            value = getattr(node, field)
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self.visit(child)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.defined.add(node.id)
        elif node.id not in self.defined:
            self.needs.add(node.id)
        if isinstance(node.ctx, ast.Del):
            self.defined.discard(node.id)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self.visit(node.annotation)
        else:
            self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))
        self.generic_visit(node)

    def _define(self, name: str | None) -> None:
        self.defined |= {name} if name else set()

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._define(node.name)
        self.generic_visit(node)
        self.defined -= {node.name}  # as Python does at the end of the clause

    def _visit_pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        self._define(node.rest if isinstance(node, ast.MatchMapping) else node.name)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = _visit_pattern

    def _visit_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(getattr(node, "module", None) or ".")
            else:
                self.defined.add(alias.asname or alias.name.split(".")[0])

    visit_Import = visit_ImportFrom = _visit_import

    def _visit_scope(self, node: ast.AST) -> None:
        self.generic_visit(node)
        runs_now = isinstance(node, _COMPREHENSIONS)
        if runs_now:
            self.visit(node.generators[0].iter)
        for symbol in _global_symbols(symtable.symtable(ast.unparse(node), "cell", "exec")):
            if symbol.is_assigned():
                self.defined.add(symbol.get_name())
            elif not runs_now:
                self.later.add(symbol.get_name())
            elif symbol.get_name() not in self.defined:
                self.needs.add(symbol.get_name())
        self._define(getattr(node, "name", None))

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _visit_scope
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_scope


def _global_symbols(table: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    """The symbols of all scopes inside a module that stand for the module's own names."""
    for child in table.get_children():
        yield from (symbol for symbol in child.get_symbols() if symbol.is_global())
        yield from _global_symbols(child)
