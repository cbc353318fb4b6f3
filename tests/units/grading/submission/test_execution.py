"""Which cell runs where, and what is found there: roles, names and findings, by real processes."""

import json
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from tiny import PATIENT, cell

from autograder.grading.submission.execution import execute, finding_of
from autograder.lab.findings import Finding


def demonstration(source):
    """A cell of the author's that stands unchanged in a submission."""
    return new_code_cell(source, metadata={"autograder": {"given": True}})


def test(source, name="test_f", **flags):
    return cell(source, name, **{"grade": True, "locked": True, "points": 1, **flags})


test.__test__ = False


def answer(source):
    return cell(source, "f", solution=True)


def run(engine, *cells):
    return execute(new_notebook(cells=list(cells)), engine, PATIENT, seed=7).notebook.cells


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


GUESS = "lab.predict('a', 'How many?', guess={})"


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("guess", ["None", "7", "'seven'", "[scale]"])
def test_a_guess_never_runs_but_code_in_its_place_does(engine, guess, full):
    shown = new_output("stream", text="at home")
    asks = new_code_cell(GUESS.format(guess), outputs=[shown])
    lab = "class lab:\n    def predict(*words, guess=None): print('ran')"
    made = [cell(lab, "setup", locked=True), demonstration("scale = print('everything')"), asks]
    made += [answer("def f(): return 1"), test("assert f() == 1")]
    ran = execute(new_notebook(cells=made), engine, PATIENT, seed=7, full=full).notebook.cells
    printed = "".join(output.text for output in ran[2].outputs)
    is_code = guess == "[scale]"
    assert ("ran" in printed.split()) == is_code
    assert ("at home" in printed) == (not is_code)
    assert (ran[2].execution_count is None) == (not is_code)
    assert bool(ran[1].outputs) == (full or is_code)  # a guess needs no name
    assert error(ran[-1]) == ""


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


# -------------------------------------------------------------------------------------- findings
FORGED = Finding("f", "wrong", "forged", "It is nearly right.", True).to_data()
FAILING = {
    "wrong: assert f(2) == 4, 'Too small by 1.\\nAdd 1.'": ("wrong", "too-small-by", True),
    "wrong: assert f(2) == 4": ("wrong", "an-assertion-of-the-test-fails", False),
    "raises: lab.Trial(f, 'f').call(2)": ("raises", "raises-KeyError", False),
    "raises: f(2)": ("raises", "raises-KeyError", False),
    "open: f(2)": ("not attempted", "not-attempted", False),
    "open: lab.Trial(f, 'f').call(2)": ("not attempted", "not-attempted", False),
    "calls: f(2)": ("wrong", "calls-unattempted-g", True),
    "wrong: h(2)": ("raises", "raises-NameError", False),
    "stream: f(2)": ("wrong", "cannot-be-graded", True),
    "wrong: stream(2)": ("wrong", "cannot-be-graded", True),
    "exits: f(2)": ("stopped", "died", False),
    "sleeps: f(2)": ("stopped", "cell-time", False),
    "wrong: lab.Trial(f, 'f').expect(2)": ("wrong", "returns-nothing", True),
    "wrong: raise lab.CheckFailed('Own words.')": ("wrong", "own-words", True),
}
BODIES = {
    "wrong": "return 3",
    "raises": "return {}[x]",
    "open": "raise NotImplementedError()",
    "calls": "return g(x)",
    "stream": "return stream",
    "exits": "import os; os._exit(0)",
    "sleeps": "while True: pass",
}


@pytest.mark.parametrize("case", FAILING)
def test_a_failed_test_leaves_a_finding_in_its_cell(engine, case):
    name, code = case.split(": ", 1)
    others = "import sys\nstream = sys.stdout\ndef g(x):\n    raise NotImplementedError()"
    cells = [
        cell("from autograder import lab", "setup", locked=True),
        answer(f"{others}\ndef f(x):\n    {BODIES[name]}"),
        test(code),
    ]
    limits = replace(PATIENT, cell_seconds=3) if name == "sleeps" else PATIENT
    ran = execute(new_notebook(cells=cells), engine, limits, seed=7).notebook.cells[-1]
    finding = finding_of(json.loads(json.dumps(ran)))
    assert finding.exercise == "f"
    assert (finding.outcome, finding.kind, finding.recognized) == FAILING[case]


def test_a_finding_shows_the_students_line_and_nothing_of_the_test(engine):
    *_, ran = run(engine, answer("def f(x):\n    return {}[x]"), test("secret = f(3)"))
    finding = finding_of(ran)
    assert finding.where == "2 of `f`: return {}[x]"
    assert finding.sentence == "It raises KeyError: 3."
    assert "secret" not in str(finding)


def test_a_page_shows_a_finding_as_a_notebook_does(engine):
    *_, ran = run(engine, answer("def f(x):\n    return 1"), test("assert f(3) == 2, 'Too small.'"))
    assert finding_of(ran).text() == "✗ f: not right yet.\n  Too small."
    assert ran.outputs[-1].traceback == ["\x1b[1;31m✗ f: not right yet.\x1b[0m", "  Too small."]


def test_a_passed_test_has_no_finding(engine):
    answered, tested = run(engine, answer("def f(): return 1"), test("assert f() == 1"))
    assert finding_of(answered) is finding_of(tested) is None


def test_an_answer_that_was_stopped_says_so(engine):
    answered, tested = run(engine, answer("import os; os._exit(0)"), test("f()"))
    assert (finding_of(answered).outcome, finding_of(answered).kind) == ("stopped", "died")
    assert finding_of(tested).outcome in ("raises", "stopped")


def test_what_a_student_raises_is_never_taken_for_a_finding(engine):
    forging = f"""
class CheckFailed(AssertionError):
    finding = {FORGED!r}

def f(x):
    raise CheckFailed("It is nearly right.")
"""
    *_, tested = run(engine, answer(forging), test("f(2)"))
    assert finding_of(tested).kind == "raises-CheckFailed"


def test_an_error_without_a_finding_was_found_by_an_earlier_version(engine):
    *_, tested = run(engine, answer("def f(): return 1"), test("assert f() == 2, 'two'"))
    del tested.metadata["autograder"]
    assert (finding_of(tested).kind, finding_of(tested).text()) == ("earlier", "two")
    tested.outputs[-1].ename = "Stopped"
    assert finding_of(tested).outcome == "stopped"
