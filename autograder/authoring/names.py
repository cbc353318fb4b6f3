"""Which names a cell needs from other cells, and which it leaves behind.

`rules` asks this to keep the promise that makes isolated grading possible: grade cells read from a
student only what solution cells define. Analysis is by syntax alone; nothing is run.
"""

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

_ALWAYS_THERE = frozenset(dir(builtins)) | {"__name__", "display"}


@dataclass(frozen=True)
class Names:
    """The names that tie a cell to others.

    Attributes:
        needs: Global names that it reads and does not bind first; builtins are left out.
        defines: Global names that are bound once it has run.
        stars: Modules from which it imports `*`.
    """

    needs: frozenset[str]
    defines: frozenset[str]
    stars: tuple[str, ...]


def names_of(code: str) -> Names:
    """Analyze a code cell.

    Bodies of functions run later, so they may read what the cell binds after them. Branches count
    as taken.

    Raises:
        SyntaxError: The cell is not Python (IPython magics are).
    """
    flow = _Flow()
    flow.visit(ast.parse(TransformerManager().transform_cell(code)))
    needs = (flow.needs | (flow.later - flow.defined)) - _ALWAYS_THERE
    return Names(frozenset(needs), frozenset(flow.defined), tuple(flow.stars))


class _Flow(ast.NodeVisitor):
    """Visits a module in the order in which it is run."""

    def __init__(self) -> None:
        self.needs: set[str] = set()
        self.later: set[str] = set()  # read by function bodies
        self.defined: set[str] = set()
        self.stars: list[str] = []
        self._private: frozenset[str] = frozenset()  # variables of the comprehensions around

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.defined.add(node.id)
        elif node.id not in self.defined | self._private:
            self.needs.add(node.id)
        if isinstance(node.ctx, ast.Del):
            self.defined.discard(node.id)

    def _visit_fields(self, node: ast.AST, *fields: str) -> None:
        for field in fields:
            value = getattr(node, field)
            for child in value if isinstance(value, list) else [value]:
                if child is not None:
                    self.visit(child)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._visit_fields(node, "value", "targets")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._visit_fields(node, "annotation", "value")
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))
        self._visit_fields(node, "value", "target")

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._visit_fields(node, "value", "target")

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._visit_fields(node, "iter", "target", "body", "orelse")

    visit_AsyncFor = visit_For

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._visit_fields(node, "type")
        already = node.name in self.defined
        if node.name:
            self.defined.add(node.name)
        self._visit_fields(node, "body")
        if node.name and not already:  # Python unbinds it at the end of the clause
            self.defined.discard(node.name)

    def _visit_pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self.defined.add(name)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = _visit_pattern

    def visit_Import(self, node: ast.Import) -> None:
        self.defined.update(a.asname or a.name.split(".")[0] for a in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.names[0].name == "*":
            self.stars.append(node.module or ".")
        else:
            self.defined.update(a.asname or a.name for a in node.names)

    def _visit_comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        around = self._private
        for clause in node.generators:
            self.visit(clause.iter)
            bound = {n.id for n in ast.walk(clause.target) if isinstance(n, ast.Name)}
            self._private |= bound
            self._visit_fields(clause, "ifs")
        fields = ("key", "value") if isinstance(node, ast.DictComp) else ("elt",)
        self._visit_fields(node, *fields)
        self._private = around

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def _visit_scope(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    ) -> None:
        if isinstance(node, ast.ClassDef):
            self._visit_fields(node, "decorator_list", "bases", "keywords")
        else:
            self._visit_fields(node, "args")
            if not isinstance(node, ast.Lambda):
                self._visit_fields(node, "decorator_list", "returns")
        for symbol in _global_symbols(symtable.symtable(ast.unparse(node), "cell", "exec")):
            if symbol.is_assigned():
                self.defined.add(symbol.get_name())
            elif symbol.get_name() not in self._private:
                self.later.add(symbol.get_name())
        if not isinstance(node, ast.Lambda):
            self.defined.add(node.name)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _visit_scope


def _global_symbols(table: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    """The symbols of all scopes inside a module that stand for the module's own names."""
    for child in table.get_children():
        yield from (symbol for symbol in child.get_symbols() if symbol.is_global())
        yield from _global_symbols(child)
