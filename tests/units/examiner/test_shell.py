"""Cells run as in a kernel: a magic for the page or the installation costs an answer nothing."""

import pytest
from examining import run, verdict

MAGICS = [
    "%autosave 60",
    "%matplotlib notebook",
    "%matplotlib widget",
    "%matplotlib no_such_backend",
    "%config InlineBackend.figure_format = 'retina'",
    "%config NoSuchPart.x = 1",
    "%load_ext autoreload\n%autoreload 2",
    "%load_ext no_such_extension",
    "%reload_ext tensorboard\n%tensorboard --logdir logs",
    "%tensorflow_version 2.x",
    "%xmode Plain",
    "%pdb on",
    "%edit",
    "%conda install scipy",
    "%pip install scipy",
    "!pip install scipy",
    "%debug",
    "%time 1 + 1",
    "%timeit -n 1 -r 1 1 + 1",
    "%history",
    "%no_such_magic",
    "print?",
]
CELL_MAGICS = ["%%time", "%%capture", "%%prun -q", "%%memit", "%%no_such_magic with options"]


def test_a_magic_before_an_answer_costs_nothing(engine):
    """In one process, one after another: none of them stops what follows."""
    cells = [("student", f"{magic}\ndef f{n}(): return {n}") for n, magic in enumerate(MAGICS)]
    tests = [("grade", f"assert f{n}() == {n}") for n in range(len(MAGICS))]
    results = run(engine, *cells, *tests)
    assert [r.error for r in results] == [None] * len(results)
    assert results[0].printed["stderr"].startswith("%autosave has no effect here")


@pytest.mark.parametrize("magic", CELL_MAGICS)
def test_an_answer_under_a_magic_counts(engine, magic):
    assert verdict(engine, f"{magic}\ndef f():\n    return 2", "assert f() == 2") == ""


@pytest.mark.parametrize("magic", ["%time g()", "%timeit -n 1 -r 1 g()", "%run no_such_file.py"])
def test_an_error_of_code_that_a_magic_runs_is_an_error(engine, magic):
    result, after = run(engine, ("student", f"{magic}\nx = 1"), ("grade", "x"))
    assert result.error and after.error.name == "NameError"


def test_a_broken_body_under_a_missing_magic_is_an_error(engine):
    (result,) = run(engine, ("student", "%%no_such_magic\ndef f(:"))
    assert result.error.name == "SyntaxError"


# ------------------------------------------------------------------------ the working directory
@pytest.mark.parametrize("folder", ["", "%mkdir sub\n%cd sub\n"])
def test_a_module_that_a_cell_wrote_can_be_imported(engine, folder):
    *cells, test = [
        ("student", folder or "pass"),
        ("student", "%%writefile helpers.py\ndef g(): return 2"),
        ("student", "from helpers import g\ndef f():\n    return g()"),
        ("grade", "assert f() == 2"),
    ]
    results = run(engine, *cells, test)
    assert [r.error for r in results] == [None] * 4


def test_a_module_that_a_cell_wrote_stands_in_for_no_installed_one(engine):
    cells = [f"%%writefile {name}.py\nraise ValueError" for name in ("numpy", "colorsys", "rich")]
    used = "import colorsys, numpy, rich\ndef f(): return 1"
    results = run(engine, *[("student", c) for c in [*cells, used]], ("grade", "assert f() == 1"))
    assert [r.error for r in results] == [None] * 5


def test_nothing_that_a_cell_wrote_reaches_the_judge(engine):
    cells = [
        ("student", "%%writefile helpers.py\nseen = True"),
        ("grade", "import os, sys\nassert os.listdir() == [] and '' not in sys.path"),
        ("grade", "import helpers"),
    ]
    _, looked, imported = run(engine, *cells)
    assert looked.error is None
    assert imported.error.name == "ModuleNotFoundError"
