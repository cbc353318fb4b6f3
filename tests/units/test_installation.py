"""What is installed for whom, how `make` says so, and where the course's own package comes from."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ["requirements/student.txt", "requirements/grading.txt", "requirements.txt"]
MARKS = [".venv/.student", ".venv/.grading", ".venv/.installed"]


def lines(layer):
    text = (ROOT / layer).read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pinned(layer):
    """The packages that a layer adds: name -> version."""
    pins = [line.partition(";")[0].split("==") for line in lines(layer) if line[:3] != "-r "]
    return dict(pins)


# The layers


def test_each_layer_is_the_one_before_and_more():
    included = [[line for line in lines(layer) if line.startswith("-r ")] for layer in LAYERS]
    assert included == [[], ["-r student.txt"], ["-r requirements/grading.txt"]]


def test_every_package_is_pinned_once():
    names = [name for layer in LAYERS for name in pinned(layer)]
    assert len(names) == len({*names}) > 30


def test_students_get_what_notebooks_need_and_nothing_of_grading_and_tests():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    course = {*project["optional-dependencies"]["course"]} - {"ipython"}  # ipywidgets brings it
    assert {*pinned(LAYERS[0])} == course | {"jupyterlab"}


def test_the_extras_are_in_their_layers_and_the_package_alone_needs_nothing():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    grading = {re.split(r"[;\[]", name)[0] for name in project["optional-dependencies"]["grading"]}
    assert {*pinned(LAYERS[1])} == grading
    assert "dependencies" not in project


def test_the_command_line_says_what_it_lacks_where_only_notebooks_run():
    program = "import sys; sys.modules['typer'] = None; import autograder.cli"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        "autograder needs more packages than the notebooks: `make demo` installs them.\n"
    )


def test_the_steps_for_windows_install_what_students_need():
    (steps,) = re.findall(r"```powershell\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert re.findall(r"pip install (.*)", steps) == [r"-r requirements\student.txt -e ."]


# What `make` does

PYTHON = """#!/bin/sh
# A Python whose virtual environments hold a pip that installs nothing.
case "$*" in *venv*) mkdir -p .venv/bin && cp "$0.pip" .venv/bin/python;; esac
"""
PIP = """#!/bin/sh
# It goes on when the test has seen what it wrote, and fails if that takes a minute.
seen() {
  tries=0
  until test -e "seen $1"; do tries=$((tries + 1)); test $tries -lt 600 || exit 1; sleep 0.1; done
}
echo "$*" >> asked
echo "Obtaining file:///course"
echo "Collecting tensorflow==2.21.0 (from -r requirements/student.txt (line 2))"
seen 2
echo "  Downloading tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl (572.4 MB)"
echo "Collecting absl-py>=1.0.0 (from tensorflow==2.21.0->-r requirements/student.txt (line 2))"
echo "  Downloading absl_py-2.3.1-py3-none-any.whl (135 kB)"
seen 3
echo "Installing collected packages: absl-py, tensorflow, autograder"
seen 4
test ! -e broken
"""
SEEN = [
    "Installing what the notebooks need into .venv, which then takes about 2.6 GB",
    "  Collecting tensorflow==2.21.0",
    "  Downloading tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl (572.4 MB)",
    "  Installing packages: 3",
]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout that was never set up, on a machine whose pip waits for us."""
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):  # set where `make test` runs this
        monkeypatch.delenv(name, raising=False)
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name, script in (("python", PYTHON), ("python.pip", PIP)):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def make(checkout, target, *options):
    command = ["make", f"PYTHON={checkout}/python", *options, target]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True)


def set_up(checkout, target):
    """Make a target and show pip which of its lines were seen."""
    command = ["make", f"PYTHON={checkout}/python", target]
    with subprocess.Popen(command, cwd=checkout, stdout=subprocess.PIPE, text=True) as process:
        seen = []
        for line in process.stdout:
            seen.append(line.rstrip("\n"))
            (checkout / f"seen {len(seen)}").touch()
    return seen, process.returncode


def test_progress_appears_as_it_happens(checkout):
    assert set_up(checkout, MARKS[0]) == (SEEN, 0)
    assert (checkout / "asked").read_text().endswith("-r requirements/student.txt -e .\n")


def test_an_installation_that_fails_is_not_taken_for_done(checkout):
    (checkout / "broken").touch()
    seen, status = set_up(checkout, MARKS[0])
    assert seen == SEEN and status != 0
    assert not (checkout / MARKS[0]).exists()


@pytest.mark.parametrize("number", range(3))
def test_a_layer_stands_for_those_below_it_and_for_none_above(checkout, number):
    _, status = set_up(checkout, MARKS[number])
    assert status == 0
    assert f"-r {LAYERS[number]} -e ." in (checkout / "asked").read_text()
    done = [make(checkout, mark, "--question").returncode == 0 for mark in MARKS]
    assert done == [n <= number for n in range(3)]


@pytest.mark.parametrize(
    ("target", "layer"),
    [
        ("lab", 0),
        ("venv", 1),
        ("demo", 1),
        ("build", 1),
        ("catalogue", 1),
        ("test", 2),
        ("lint", 2),
    ],
)
def test_a_target_sets_up_what_it_needs_and_no_more(checkout, target, layer):
    plan = make(checkout, target, "--dry-run").stdout
    assert re.findall(r"-r (\S+) -e \.", plan) == [LAYERS[layer]]


# The course's own package

ASKS_PIP = re.compile(r"\bpip[\w.]*[\"',\s]+(?:install|download|wheel)\b.*")
OWN_NAME = re.compile(r"""(?<![\w./\\-])autograder(?:\[[\w, ]*\])?(?![\w./\\\[-])(?!\s*@\s)""")


def by_name(text):
    """Commands that install the course's package by its bare name, which is somebody else's."""
    return [line[0] for line in ASKS_PIP.finditer(text) if OWN_NAME.search(line[0])]


def printed():
    """What people read or run: every text of the project but its tests."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    for name in listed.stdout.splitlines() or map(str, ROOT.rglob("*")):
        path = ROOT / name
        if path.suffix not in (".png", ".npz", ".xz") and not name.startswith("tests/"):
            yield path, path.read_text()


def test_no_command_installs_the_package_by_its_bare_name():
    texts = dict(printed())
    assert sum(bool(ASKS_PIP.search(text)) for text in texts.values()) > 5
    assert {path: found for path, text in texts.items() if (found := by_name(text))} == {}


def test_no_requirement_is_the_package_by_its_bare_name():
    for layer in LAYERS:
        assert not [line for line in lines(layer) if OWN_NAME.search(line)]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert not any(OWN_NAME.search(str(n)) for n in extras["optional-dependencies"].values())


@pytest.mark.parametrize(
    "command",
    [
        "pip install autograder", ".venv/bin/pip install -q 'autograder[grading]'",
        "python -m pip install --upgrade autograder==1.0.0", "pip download autograder",
        '[python, "-m", "pip", "install", "autograder"]', "%pip install autograder[course] numpy",
    ],
)  # fmt: skip
def test_an_installation_by_name_is_found(command):
    assert by_name(f"Run `{command}`.")


@pytest.mark.parametrize(
    "command",
    [
        "pip install -r requirements.txt -e .", "pip install ./autograder",
        "pip install -e '.[course]'",
        "pip install 'autograder[course] @ git+https://github.com/some/course'",
        "pip install dist/autograder-1.0.0-py3-none-any.whl", "pip install rich; autograder doctor",
    ],
)  # fmt: skip
def test_an_installation_from_a_path_a_wheel_or_an_address_is_not(command):
    assert not by_name(f"Run `{command}`.".partition(";")[0])
