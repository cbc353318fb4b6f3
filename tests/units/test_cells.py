"""What a cell is, and which names it needs and leaves behind, by syntax alone."""

import ast
import gc
import inspect
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils

from autograder import cells


def cell(kind=new_code_cell, **details):
    return kind("x = 1", metadata={"nbgrader": details} if details else {})


@pytest.mark.parametrize(
    ("role", "node"),
    [
        ("prose", cell(new_markdown_cell)),
        ("prose", cell(new_markdown_cell, grade_id="why", solution=True, grade=True, points=2)),
        ("plain", cell()),
        ("plain", cell(grade_id="figure", locked=False)),
        ("set-up", cell(grade_id="setup", locked=True)),
        ("solution", cell(grade_id="double", solution=True)),
        ("solution", cell(grade_id="double", solution=True, locked=True)),
        ("grade", cell(grade_id="test_double", grade=True, locked=True, points=3)),
    ],
)
def test_role_of_a_cell(role, node):
    assert cells.role(node) == role


def test_a_test_that_is_not_locked_is_a_grade_cell_all_the_same():
    forgotten = cell(grade_id="test_double", grade=True, locked=False, points=3)
    assert cells.role(forgotten) == "grade" and cells.is_locked(forgotten)


def test_an_answer_with_points_of_its_own_is_the_students_code():
    by_hand = cell(grade_id="essay", grade=True, solution=True, locked=False, points=3)
    assert cells.role(by_hand) == "solution" and cells.has_points(by_hand)
    assert not cells.is_locked(by_hand)


def test_id_exercise_and_points_of_a_cell():
    test = cell(grade_id="test_double", grade=True, locked=True, points=3)
    assert (cells.grade_id(test), cells.points(test)) == ("test_double", 3)
    assert cells.exercise(test) == cells.exercise("test_double") == "double"
    assert (cells.grade_id(cell()), cells.points(cell())) == ("", None)
    assert cells.by_id([cell(), test]) == {"test_double": test}


@pytest.mark.parametrize(
    "source",
    [
        "lab.predict('a', 'How many?', guess=None)",
        "# mine\nlab.predict(\n    'a',\n    'How ' 'many?',\n    options=[1, -2.5, None],\n)",
        "lab.predict(key='a', question='?', guess=(1, 'two', {3: [4]}))",
        "lab.predict('a', '?', guess='\\pi');",
        "lab.predict('a', '?')\nlab.predict('b', '?')",
    ],
)
def test_a_cell_that_only_asks_is_a_prediction_whatever_the_guess(source):
    assert cells.role(new_code_cell(source)) == "prediction"
    assert cells.role(new_markdown_cell(source)) == "prose"
    assert cells.role(cell(grade_id="f", solution=True) | {"source": source}) == "solution"
    assert cells.predictions(new_code_cell(source))[0]["key"] == "a"


@pytest.mark.parametrize(
    "source",
    [
        "lab.predict('a', '?', guess=seven)",
        "lab.predict('a', '?', guess=print('now'))",
        "lab.predict('a', '?', guess=f'{print(1)}')",
        "lab.predict('a', '?', None, None, print(1))",
        "lab.predict(*[print(1)])",
        "lab.predict(**print(1))",
        "lab.predict('a', '?')\nx = 1",
        "x = lab.predict('a', '?')",
        "lab.predict('a', '?').text",
        "import lab; lab.predict('a', '?')",
        "@lab.predict('a', '?')\ndef f(): pass",
        "%time lab.predict('a', '?')",
        "lab.predict('a', '?', guess=)",
        "lab.predict('a', '?', guess={[]: 1})",
        "lab.outcome('a', 1)  # lab.predict(",
        "other.lab.predict('a', '?')",
        "# lab.predict('a', '?')\npass",
        *(f"lab.predict({bomb * 5000}1)" for bomb in ("-", "(", "[", "not ", "1+", "{1:")),
    ],
)
def test_code_does_not_hide_in_a_prediction(source):
    assert cells.role(new_code_cell(source)) == "plain"


@pytest.mark.parametrize("metadata", [None, {}, {"nbgrader": 3}, {"nbgrader": {"grade_id": []}}])
def test_metadata_of_any_form_is_read(metadata):
    plain = {"cell_type": "code", "source": "", "metadata": metadata}
    assert (cells.role(plain), cells.grade_id(plain)) == ("plain", "")
    assert not cells.is_given(plain)


@pytest.mark.parametrize("flags", range(16))
@pytest.mark.parametrize("kind", [new_code_cell, new_markdown_cell])
def test_roles_are_those_of_nbgrader(kind, flags):
    names = ("grade", "solution", "locked", "task")
    details = {name: bool(flags >> bit & 1) for bit, name in enumerate(names)}
    node = cell(kind, grade_id="a", points=2, **details)
    assert cells.is_locked(node) == (utils.is_locked(node) or False)
    assert cells.is_answer(node) == utils.is_solution(node)
    assert cells.has_points(node) == (utils.is_grade(node) or utils.is_task(node))


def test_only_an_unchanged_cell_of_the_authors_is_given():
    assert cells.is_given(new_code_cell("1", metadata={"autograder": {"given": True}}))
    assert not cells.is_given(new_code_cell("1"))


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
        ("{n: m for n, m in rows if n > low}", "rows low", ""),
        ("rows = [n for n in rows]\n[low for n in rows]\nlow = 1", "rows low", "rows low"),
        ("def f():\n    return [n + m for n in rows]", "m rows", "f"),
        ("[await f(n) for n in rows]", "f rows", ""),
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
        ("for x in x:\n    print(x)", "x", "x"),
        ("x = sorted(x)", "x", "x"),
        ("del x", "x", ""),
        ("x = 1\nprint(x)", "", "x"),
        ("def f():\n    return x\nf()", "x", "f"),
        ("await f(x)", "f x", ""),
        ("%matplotlib inline\nplot(x)", "plot x", ""),
        ("files = !ls\n!pwd", "", "files"),
        ("get_ipython().ast_transformers", "", ""),
        ("%time", "", ""),
        ("%time y = f(x)", "f x", "y"),
        ("y = %time f(x)", "f x", "y"),
        ("def g():\n    %time f(x)", "f x", "g"),
        ("%time --no-raise-error f(x)", "f x", ""),
        ("%timeit -n 10 -r3 -o f(x)", "f x", ""),
        ("%prun -q -s cumulative f(x)", "f x", ""),
        ("%%time\ny = f(x)\nprint(y)", "f x", "y"),
        ("\n\n%%time\n%matplotlib inline\n%time y = f(x)", "f x", "y"),
        ("%%timeit -n 1 z = x\nf(z)", "f x", "z"),
        ("%%capture --no-stderr shown\nx = f(x)", "f x", "shown x"),
        ("%%capture\nf(x)", "f x", ""),
        ("%%bash\necho $x", "", ""),
    ],
)
def test_names_of_a_cell(code, needs, defines):
    names = cells.names(code)
    assert (names.needs, names.defines) == (set(needs.split()), set(defines.split()))


def test_a_cell_that_is_not_python_has_no_names():
    broken = cells.names("x = y +")
    assert isinstance(broken.error, SyntaxError) and not broken.needs | broken.defines
    assert cells.names("x = y").error is None


def test_threads_may_ask_while_a_collection_interrupts_the_parser():
    def let_others_run(*_):
        caller = inspect.currentframe().f_back
        if caller and caller.f_code is ast.parse.__code__:
            time.sleep(1e-4)

    def ask_too():
        while not done.is_set():
            assert cells.names(code).defines == {"f"} and cells.role(guess) == "prediction"

    code = "def f(x):\n    return [[x + i, {i: x}] for i in y]\n\n\n" * 5
    guess = new_code_cell(f"lab.predict('key', 'question', {[*range(50)]}, 3)")
    done, before = threading.Event(), gc.get_threshold()
    gc.callbacks.append(let_others_run)
    gc.set_threshold(20, 10**6, 10**6)  # so often that each time it is in the middle
    try:
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(ask_too)
            try:
                for _ in range(20):
                    assert cells.names(code).defines == {"f"}
                    assert cells.role(guess) == "prediction"
            finally:
                done.set()
            other.result()
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(let_others_run)


def test_a_star_import_is_reported():
    assert cells.names("from numpy import *").stars == ("numpy",)


@pytest.mark.parametrize("above", ["", "\n", "\n  \n", "x = 1\n%matplotlib inline\n"])
@pytest.mark.parametrize("code", ["f(\n)", "%time f(x)", "%time x = f(x)\n"])
def test_lines_of_the_tree_are_lines_of_the_cell(above, code):
    assert cells.tree(above + code).body[-1].lineno == above.count("\n") + 1


def test_lines_in_the_body_of_a_magic_are_lines_of_the_cell():
    assert [s.lineno for s in cells.tree("\n%%time\n\nx = 1\nx").body] == [4, 5]
    assert cells.names("%%time\nx = 1\nx x").error.lineno == 3


@pytest.mark.parametrize("code", ["%%time\nx = 1", "def f():\n    %time", "y = %time x = 1"])
def test_the_tree_of_a_cell_with_magics_is_a_program(code):
    compile(cells.tree(code), "cell", "exec")


def test_a_call_that_only_looks_like_a_magic_stays_a_call():
    code = "shell.run_cell_magic('time', '', body)\nshell.run_line_magic(name, line)"
    assert ast.unparse(cells.tree(code)) == code


def test_nothing_of_the_course_is_loaded_to_ask_about_cells():
    code = "import sys, autograder.cells; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in run.stdout.split() if name.startswith("autograder")}
    assert loaded == {"autograder", "autograder.cells"}
    assert not {"tensorflow", "nbgrader", "nbformat", "numpy"} & set(run.stdout.split())


def test_the_hints_of_a_task_have_a_title_and_a_text():
    task = "Do it.\n<details><summary>Hint\n1</summary>\n\nTry.\n</details> and <DETAILS>\n"
    task += "<summary>Hint 2</summary>More.</details><details><summary>Not closed</summary>"
    assert [*cells.hints(task)] == [("Hint 1", "Try."), ("Hint 2", "More.")]
