"""Breaks a function in every small way that a tired programmer might; used by `make mutants`.

Each mutant differs from the source in one place: a constant, an operator, a comparison, a
condition, an argument, a slice or a statement. Docstrings and the text of error messages stay.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """One broken version of a function.

    Attributes:
        source: The whole mutated source.
        change: Line number, the line before and the line after, in one string.
    """

    source: str
    change: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of `source` (one or more function definitions), without duplicates."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    kept: list[Mutant] = []
    seen = {original}
    for index, node in enumerate(ast.walk(tree)):
        for way in range(len(list(_replacements(node)))):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[index]
            _put(changed, target, list(_replacements(target))[way])
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                kept.append(Mutant(text, _change(original, text)))
    return kept


def _replacements(node: ast.AST) -> Iterator[ast.AST | None]:
    """What may stand in place of `node`; `None` deletes the statement."""
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return  # the message of an error is not graded word for word
    if isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield _with(node, op=_OPERATORS[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        yield _with(node, ops=[_COMPARISONS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    elif isinstance(node, ast.If | ast.IfExp):
        yield _with(node, test=ast.Constant(True))
        yield _with(node, test=ast.Constant(False))
    elif isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            yield _with(node, keywords=node.keywords[:index] + node.keywords[index + 1 :])
        if len(node.args) >= 2:
            yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield _with(node, **{part: None})
    elif isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Assign | ast.Expr) and not _is_docstring(node):
        yield None


def _constants(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield ast.Constant(value + "?")


def _with(node: ast.AST, **changes: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _put(tree: ast.AST, target: ast.AST, replacement: ast.AST | None) -> None:
    """Put `replacement` where `target` stands in `tree`, except in docstrings and messages."""
    for parent in ast.walk(tree):
        if isinstance(parent, ast.Raise | ast.JoinedStr) or _is_docstring(parent):
            continue
        for name, value in ast.iter_fields(parent):
            if value is target and not _inside_raise(tree, target):
                setattr(parent, name, replacement)
            elif isinstance(value, list) and any(item is target for item in value):
                if _inside_raise(tree, target):
                    continue
                index = next(i for i, item in enumerate(value) if item is target)
                value[index] = replacement if replacement is not None else ast.Pass()


def _inside_raise(tree: ast.AST, target: ast.AST) -> bool:
    raises = [n for n in ast.walk(tree) if isinstance(n, ast.Raise | ast.JoinedStr)]
    return any(node is target for r in raises for node in ast.walk(r))


def _change(before: str, after: str) -> str:
    old, new = before.split("\n"), after.split("\n")
    for number, line in enumerate(old):
        changed = new[number] if number < len(new) else ""
        if line != changed:
            return f"line {number + 1}: {'  ->  '.join(_shortened(line.strip(), changed.strip()))}"
    return "lines added at the end"


def _shortened(old: str, new: str, context: int = 24) -> tuple[str, str]:
    """Two long lines, each cut to where they differ."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    begin = start - context if start > 2 * context else 0
    stop = context - end if end > 2 * context else None
    marks = ("..." if begin else "", "..." if stop else "")
    return tuple(f"{marks[0]}{line[begin:stop]}{marks[1]}" for line in (old, new))


def _common(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
