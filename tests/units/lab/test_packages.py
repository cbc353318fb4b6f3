"""A check warns of modules that grading may lack, and of nothing else."""

import subprocess
import sys

import pytest
from tiny import ROOT

from autograder.lab import packages

# A kernel's shell runs cells in a folder that holds modules; `check` says what is warned of.
PROGRAM = """
import sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from autograder.lab import checking, packages

@checking.visible_check("x", points=1)
def f(trial):
    trial.call(1)

config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell(config=config)
shell.user_ns.update(check=f)
for cell in sys.argv[1:]:
    shell.run_cell(cell)
"""
MODULES = {
    "helpers": "def g(x):\n    return x",
    "deep": "import seaborn_not\n\ndef g(x):\n    return x",
    "seaborn_not": "",
}
INSTALLED = "def correlate(x):\n    return x\n\nclass Kernel:\n    pass"
OTHERS = "may be missing where this is graded: there is Python's standard library, NumPy,"


def said(tmp_path, *cells):
    there = tmp_path / "site-packages"
    there.mkdir()
    (there / "scipy_not.py").write_text(INSTALLED)
    for name, code in MODULES.items():
        (tmp_path / f"{name}.py").write_text(code)
    environment = {"PYTHONPATH": f"{ROOT}:{there}", "PATH": "", "HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *cells, "check(f)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Traceback" not in run.stdout, run.stdout
    assert "f: right on 1 example" in run.stdout
    return [line for line in run.stdout.splitlines() if line.startswith("!")]


BODY = "def f(x):\n    return x"
WARNED = {
    "unused": [f"import scipy_not\n{BODY}"],
    "in the function": ["def f(x):\n    from scipy_not import correlate\n    return x"],
    "in another cell": ["import scipy_not as s", "def f(x):\n    return s.correlate(x)"],
    "a name of it": ["from scipy_not import correlate", "def f(x):\n    return correlate(x)"],
    "a class of it": ["from scipy_not import Kernel", "def f(x):\n    return Kernel and x"],
    "in a function below": [
        "import scipy_not",
        "def g(x):\n    return [scipy_not.correlate(y) for y in [x]][0]",
        "def f(x):\n    return g(x)",
    ],
    "itself": ["from scipy_not import correlate as f"],
    "with a magic": [f"%precision 3\nimport scipy_not\n{BODY}"],
}


@pytest.mark.parametrize("case", WARNED)
def test_a_check_warns_of_a_module_that_grading_may_lack(tmp_path, case):
    (line,) = said(tmp_path, *WARNED[case])
    assert line.startswith(f"! f: `scipy_not` {OTHERS}")


@pytest.mark.parametrize("cells", [["import helpers\ndef f(x):\n    return helpers.g(x)"],
                                   ["from helpers import g", "def f(x):\n    return g(x)"],
                                   ["from helpers import g as f"]])  # fmt: skip
def test_a_check_says_that_a_file_of_the_students_own_must_come_along(tmp_path, cells):
    says = "! f: `helpers` is a file of yours: hand in helpers.py beside the notebook."
    assert said(tmp_path, *cells) == [says]


def test_what_a_file_of_the_students_own_imports_is_looked_at_too(tmp_path):
    lines = said(tmp_path, "from deep import g", "def f(x):\n    return g(x)")
    assert [line.split("`")[1] for line in lines] == ["deep", "seaborn_not"]


SILENT = {
    "nothing": [BODY],
    "what there is": [f"import numpy as np, math, functools\nimport os.path\n{BODY}"],
    "another way": [f"try:\n    import scipy_not\nexcept ImportError:\n    pass\n{BODY}"],
    "another cell's": ["import scipy_not", BODY],
    "recursion": ["def f(x, n=1):\n    return f(x, n - 1) if n else x"],
    "a magic": [f"%%time\n{BODY}"],
    "the same name elsewhere": ["import scipy_not", "def f(x):\n    correlate = x\n    return x"],
}


@pytest.mark.parametrize("case", SILENT)
def test_a_check_is_silent_otherwise(tmp_path, case):
    assert said(tmp_path, *SILENT[case]) == []


@pytest.mark.parametrize("odd", [None, 3, len, dict, BODY])
def test_what_is_no_function_of_pythons_has_no_warnings(odd):
    assert packages.warnings(odd) == []


def test_notebooks_say_what_grading_has_as_the_warning_does():
    template = (ROOT / "autograder").rglob("ASSIGNMENT.py.txt")
    sources = [*(ROOT / "solutions").glob("*.py"), *template]
    assert len(sources) == 7
    for source in sources:
        text = source.read_text().replace("\n# ", " ")
        assert text.count(f"Grading has {packages.GRADING_HAS}, and nothing else.") == 1, source
