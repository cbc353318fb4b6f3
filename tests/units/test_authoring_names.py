"""Which names a cell needs and leaves behind, by syntax alone."""

import pytest

from autograder.authoring.names import names_of


@pytest.mark.parametrize(
    ("code", "needs", "defines"),
    [
        ("x = x + 1", "x", "x"),
        ("total += 1", "total", "total"),
        ("for i in rows:\n    total += i", "rows total", "i total"),
        ("squares = [n * scale for n in rows if n > low]", "rows scale low", "squares"),
        ("[(n, m) for n in rows for m in n]", "rows", ""),
        ("(lambda n, by=step: n * by + offset)(1)", "step offset", ""),
        ("[(lambda: n + m)() for n in rows]", "rows m", ""),
        ("def f(a, *b, c=default, **d):\n    return a, b, c, d, other", "default other", "f"),
        ("def f():\n    return later\nlater = 1", "", "f later"),
        ("print(later)\nlater = 1", "later", "later"),
        ("def f():\n    global shared\n    shared = 1", "", "f shared"),
        ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += m\n", "m", "f"),
        ("@decorate\ndef f(x: Kind) -> Result: ...", "decorate Kind Result", "f"),
        ("class A(Base):\n    size = width\n    def f(self):\n        return A", "Base width", "A"),
        ("with open(path) as handle:\n    handle.read()", "path", "handle"),
        ("if (n := len(rows)) > 3:\n    print(n)", "rows", "n"),
        ("[last := n for n in rows]", "rows", "last"),
        ("try:\n    f()\nexcept Problem as error:\n    print(error)", "f Problem", ""),
        (
            "match shape:\n    case [h, *rest]: h\n    case {'a': 1, **more}: more",
            "shape",
            "h rest more",
        ),
        ("import a.b, c as d\nfrom e import f as g", "", "a d g"),
        ("grid[row] = model.size = 3", "grid row model", ""),
        ("size: int", "", ""),
        ("spare = 1\ndel spare", "", ""),
        ("%timeit f(x)", "get_ipython", ""),
    ],
)
def test_names_of_a_cell(code, needs, defines):
    names = names_of(code)
    assert (names.needs, names.defines) == (set(needs.split()), set(defines.split()))


def test_a_star_import_is_reported():
    assert names_of("from numpy import *").stars == ("numpy",)
