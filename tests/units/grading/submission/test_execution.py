"""Which cell runs where: the roles of cells and the names that tests need, with real processes."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from tiny import PATIENT, cell

from autograder.examiner.engine import Engine
from autograder.examiner.sandbox import SandboxUnavailable
from autograder.grading.submission.execution import execute


@pytest.fixture(scope="module")
def engine():
    try:
        with Engine() as made:
            yield made
    except SandboxUnavailable as reason:
        pytest.skip(str(reason))


def demonstration(source):
    """A cell of the author's that stands unchanged in a submission."""
    return new_code_cell(source, metadata={"autograder": {"given": True}})


def test(source, name="test_f", **flags):
    return cell(source, name, **{"grade": True, "locked": True, "points": 1, **flags})


test.__test__ = False


def answer(source):
    return cell(source, "f", solution=True)


def run(engine, *cells):
    return execute(new_notebook(cells=list(cells)), engine, PATIENT, seed=7).cells


def error(ran):
    return next((o.evalue for o in ran.outputs if o.output_type == "error"), "")


SPIES = {
    "a hook": "get_ipython().events.register('pre_run_cell', lambda info: seen.append("
    "info.raw_cell))",
    "a transformer": """
import ast
class Softener(ast.NodeTransformer):
    def visit_Assert(self, node):
        seen.append(ast.unparse(node))
        return ast.Pass()
get_ipython().ast_transformers.append(Softener())
""",
}


@pytest.mark.parametrize("spy", SPIES.values(), ids=SPIES)
def test_a_hidden_test_that_is_not_locked_is_never_seen_by_the_student(engine, spy):
    *_, tested, shown = run(
        engine,
        answer(f"seen = []\n{spy}\ndef f(x):\n    return 0"),
        test("assert f(21) == 42, 'hidden'", locked=False),
        new_code_cell("print(seen)"),
    )
    assert error(tested) == "hidden"
    assert "42" not in shown.outputs[0].text


@pytest.mark.parametrize(
    "rebinding",
    ["x = sorted(x)", "x += [3]", "for x in [x]: pass", "del x", "def g():\n    return x\ng()"],
)
def test_a_test_that_rebinds_a_name_that_it_reads_gets_it_from_the_student(engine, rebinding):
    *_, tested = run(engine, answer("x = [2, 1]\ndef f(): pass"), test(rebinding))
    assert error(tested) == ""


def test_a_name_that_only_a_skipped_demonstration_defines_makes_everything_run(engine):
    for use in ("assert scale == 3", "%time assert scale == 3", "def g(): assert scale == 3\ng()"):
        *_, tested = run(
            engine, demonstration("%%time\nscale = 3"), answer("def f(): pass"), test(use)
        )
        assert error(tested) == ""


MAGICS = [
    "%time x = f(2)\nassert x == {0}",
    "%%time\nx = f(2)\nassert x == {0}",
    "%%capture shown\nassert f(2) == {0}",
    "%matplotlib inline\nassert f(2) == {0}",
    "%%time\n%matplotlib inline\nassert f(2) == {0}",
    "%%prun -q\nassert f(2) == {0}",
    "%%timeit -n 1 -r 1\nassert f(2) == {0}",
]


@pytest.mark.parametrize("code", MAGICS)
def test_a_test_with_a_magic_counts_like_any_other(engine, code):
    _, passed, failed = run(
        engine,
        answer("def f(x):\n    return 2 * x"),
        test(code.format(4)),
        test(code.format(5), "test_again"),
    )
    assert error(passed) == ""
    assert failed.outputs[-1].ename == "AssertionError"


@pytest.mark.parametrize("first", ["%matplotlib inline", "%time import math", "%%time"])
def test_magics_in_set_up_cells_and_demonstrations_work(engine, first):
    *_, tested = run(
        engine,
        cell(f"{first}\nimport math\ndef twice(x):\n    return 2 * x", "setup", locked=True),
        answer("def f(x):\n    return x\nundefined"),
        demonstration(f"{first}\nfigure = f(1)"),
        test("assert twice(3) == 6 and math.pi > 3"),
    )
    assert error(tested) == ""


def test_a_test_that_is_not_python_costs_its_own_points_only(engine):
    *_, broken, tested = run(
        engine,
        answer("def f():\n    return 1"),
        test("assert f("),
        test("assert f() == 1", "test_again"),
    )
    assert broken.outputs[-1].ename == "SyntaxError"
    assert error(tested) == ""
