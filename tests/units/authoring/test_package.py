"""The students' package: nothing in it answers an exercise, and it runs on its own."""

import ast
import contextlib
import functools
import importlib
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from pkgutil import walk_packages

import nbclient
import nbformat
import numpy as np
import pytest
from typer.testing import CliRunner

from autograder import cells, lab
from autograder.authoring.package import _files_read, pack_students, package_problems, released
from autograder.authoring.sources import AuthoringError
from autograder.cli import app
from autograder.lab import causes, inputs
from autograder.lab.checking import Check

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CHECKS = ROOT / "autograder/lab/checks"
OF_A_CHECK = "trial: Trial"  # arguments of a function that is a visible check
TELLING = 20  # characters from which a line of an answer tells something


def bare(text):
    """Text without white space, in which lines are found however they were wrapped."""
    return "".join(text.split())


def cells_of(content):
    return nbformat.reads(content, as_version=4).cells


def readable(name, content):
    """What a student can read of a packed file."""
    if name.endswith(".ipynb"):
        return "\n".join(cell.source for cell in cells_of(content.decode()))
    return content.decode("utf-8", "ignore")


@functools.cache
def answers():
    """Every line of every stored right answer and reference solution -> where it stands."""
    lines = {}
    for path in sorted(ROOT.glob("solutions/*.py")):
        region = r"### BEGIN SOLUTION(.*?)### END SOLUTION"
        for body in re.findall(region, path.read_text(), re.DOTALL):
            lines |= dict.fromkeys(body.splitlines(), path.name)
    for path in sorted(ROOT.glob("tests/catalogue/*/*/right_*.py")):
        text = path.read_text()
        first = ast.parse(text).body[0].end_lineno  # its docstring is no answer
        lines |= dict.fromkeys(text.splitlines()[first:], f"{path.parent.name}/{path.name}")
    lines = {bare(line): (line.strip(), where) for line, where in lines.items()}
    public = "".join(
        bare(readable(p.name, p.read_bytes())) for p in ROOT.glob("notebooks/*/*.ipynb")
    )
    return {key: v for key, v in lines.items() if len(key) >= TELLING and key not in public}


def shown(files):
    """Lines of answers that stand in packed files."""
    secrets = answers()
    texts = {name: bare(readable(name, content)) for name, content in files.items()}
    return [
        (name, *told)
        for name, text in texts.items()
        for key, told in secrets.items()
        if key in text
    ]


def exercises_of(path):
    return {cells.exercise(c) for c in cells_of(path.read_text()) if cells.has_points(c)}


def all_exercises():
    return set().union(*(exercises_of(p) for p in ROOT.glob("notebooks/*/*.ipynb")))


def functions_that_answer(files):
    """Functions, classes and lambdas with an exercise's name that are not its visible check."""
    names = all_exercises()
    found = []
    for file, content in files.items():
        for node in ast.walk(ast.parse(content)) if file.endswith(".py") else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                checks = [ast.unparse(decorator) for decorator in node.decorator_list]
                is_check = checks and checks[0].startswith("visible_check(")
                if node.name in names and not (is_check and ast.unparse(node.args) == OF_A_CHECK):
                    found.append((file, node.name))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                found += [(file, t.id) for t in node.targets if getattr(t, "id", None) in names]
    return found


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    return pack_students(ROOT, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def first_four(tmp_path_factory):
    return pack_students(ROOT, tmp_path_factory.mktemp("four"), "04")


@pytest.fixture(scope="module")
def first_one(tmp_path_factory):
    """Assignment 01, packed where 01 and 02 had been packed and put under version control."""
    place = tmp_path_factory.mktemp("one")
    folder = pack_students(ROOT, place, "02").folder
    assert (folder / "notebooks/02-conv2dtranspose.png").exists()
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    return pack_students(ROOT, place, "01")


def contents(package):
    with zipfile.ZipFile(package.archive) as archive:
        return {name.removeprefix("students/"): archive.read(name) for name in archive.namelist()}


def test_the_sentences_of_the_checks_are_packed(packed, first_one):
    sentences = {path.relative_to(ROOT).as_posix() for path in CHECKS.glob("*.toml")}
    assert sentences <= contents(packed).keys()
    assert "autograder/lab/checks/shared.toml" in contents(first_one)
    assert "autograder/lab/checks/super_resolution.toml" not in contents(first_one)


def test_no_line_of_an_answer_is_in_the_archive(packed):
    assert len(answers()) > 500
    assert shown(contents(packed)) == []


def test_the_search_finds_an_answer_that_was_put_in(packed):
    line = "    return np.kron(x, spread)[: 1 - stride or None, : 1 - stride or None]"
    key = max(answers(), key=len)
    hidden = answers()[key][0]
    found = shown({"autograder/lab/oracle.py": f"{line}\n  {hidden}\n".encode()})
    assert [told[1] for told in found] == [hidden]


def test_no_function_in_the_archive_answers_an_exercise(packed):
    assert len(all_exercises()) > 40
    assert functions_that_answer(contents(packed)) == []


def test_the_search_finds_a_function_that_was_put_in():
    planted = {"a.py": b"class Deep:\n    def stamp(self, x): ...", "b.py": b"iou = lambda a: a"}
    planted["c.py"] = b"@visible_check('x')\ndef dice(y_true, y_pred): ..."
    assert functions_that_answer(planted) == [("a.py", "stamp"), ("b.py", "iou"), ("c.py", "dice")]


def test_nothing_of_grading_is_in_the_archive(packed):
    tops = {name.split("/")[0] for name in contents(packed)}
    assert tops == {
        ".binder", ".gitignore", "LICENSE", "README.md", "autograder", "data", "notebooks",
        "pyproject.toml", "requirements", "requirements.txt",
    }  # fmt: skip
    for name, content in contents(packed).items():
        assert not re.search(r"/(grading|examiner|authoring|solutions|tests)/|-test\.npz", name)
        assert b"BEGIN SOLUTION" not in content and b"BEGIN HIDDEN" not in content, name
    assert [n for n in contents(packed) if n.startswith("requirements")] == [
        "requirements.txt", "requirements/student.txt",
    ]  # fmt: skip
    assert b"nbgrader" not in contents(packed)["requirements/student.txt"]
    assert b"grading" not in contents(packed)["pyproject.toml"]


def test_the_desk_that_opens_the_course_is_packed_with_all_that_it_consists_of(first_one):
    desk = {p.relative_to(ROOT).as_posix() for p in ROOT.glob("autograder/desk/**/*") if p.suffix}
    desk = {path for path in desk if "__pycache__" not in path}
    assert len(desk) > 7
    needed = {"autograder/cells.py", "autograder/files.py", ".binder/start"}
    assert desk | needed <= contents(first_one).keys()
    assert b"my-work/" in contents(first_one)[".gitignore"]


def test_packing_refuses_code_that_answers_an_exercise(packed, tmp_path):
    oracle = tmp_path / "autograder/lab/oracle.py"
    oracle.parent.mkdir(parents=True)
    line = "expanded = np.zeros(((x.shape[0] - 1) * stride + 1, (x.shape[1] - 1) * stride + 1))"
    hidden = next(v for k, v in answers().items() if v[1] == "01-zero-insertion.py")[0]
    oracle.write_text(f"def stamp(x, kernel, stride):\n    {hidden}\n    {line}\n")
    messages = [str(problem) for problem in package_problems(ROOT, tmp_path)]
    assert any("defines `stamp`" in message for message in messages)
    assert any(f"students would see `{hidden}`" in message for message in messages)


def test_the_folder_and_the_archive_hold_the_same(packed):
    paths = [path for path in packed.folder.rglob("*") if path.is_file()]
    folder = {path.relative_to(packed.folder).as_posix(): path.read_bytes() for path in paths}
    assert folder == contents(packed)


def test_packing_twice_gives_the_same_bytes(packed, tmp_path):
    assert pack_students(ROOT, tmp_path).archive.read_bytes() == packed.archive.read_bytes()


def test_a_repository_in_the_folder_survives_and_older_files_do_not(first_one):
    assert (first_one.folder / ".git/HEAD").exists()
    assert not (first_one.folder / "notebooks/02-conv2dtranspose.png").exists()


@pytest.mark.parametrize("other", ["thesis.tex", "autograder/lab/a.py solutions/01.py"])
def test_a_folder_that_is_no_package_is_left_alone(tmp_path, other):
    paths = [tmp_path / "students" / name for name in other.split()]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("years of work")
    with pytest.raises(AuthoringError, match="is not a package"):
        pack_students(ROOT, tmp_path, "01")
    assert [path.read_text() for path in paths] == ["years of work"] * len(paths)


def test_assignments_to_come_leave_no_trace_in_names_code_and_data(first_four):
    files = contents(first_four)
    assert first_four.assignments[-1] == "04-checkerboard-artifacts"
    later = sorted(ROOT.glob("notebooks/0[56]*/*.ipynb"))
    assert len(later) == 2
    for name in files:
        assert not re.search(r"super.resolution|image.generation|0[56]-", name)
    to_come = set().union(*map(exercises_of, later))
    for name, content in files.items():
        if name.startswith("autograder/"):
            assert not to_come & {*re.findall(r"\w+", content.decode())}, name
    for name in ("nuclei", "fashion-mnist", "photographs"):  # notebook 04 redraws photographs
        assert f"data/{name}.npz" in files


def test_no_link_leads_to_a_notebook_that_is_not_packed(first_four):
    files = contents(first_four)
    packed = {Path(name).name for name in files}
    texts = [readable(name, files[name]) for name in files if name.endswith(".ipynb")]
    linked = {found for text in texts for found in re.findall(r"\]\([^)]*?([^/)]+\.ipynb)", text)}
    assert linked and linked <= packed
    assert "Next: 5 · Super-resolution" in texts[-1].splitlines()


def test_only_the_data_that_notebooks_read_are_packed(first_one):
    files = contents(first_one)
    assert [n for n in files if n.startswith("data/")] == [
        "data/LICENSES.md", "data/build_fashion_mnist.py", "data/fashion-mnist.npz",
        "data/fashion-mnist.sha256",
    ]  # fmt: skip
    assert "nuclei" not in files["data/LICENSES.md"].decode()
    assert "fashion-mnist-test" not in files["data/fashion-mnist.sha256"].decode()


def test_measurements_are_packed_where_a_notebook_names_them():
    def read(source):
        return _files_read(ROOT, [ast.parse(source)])

    assert read('seen = datasets.measurements("upsamplers")') == {"measurements-upsamplers.json"}
    assert read("datasets.fashion_mnist()") == {"fashion-mnist.npz", "fashion-mnist.sha256"}


def test_a_release_in_which_somebody_solved_an_exercise_is_not_packed(tmp_path):
    course = tmp_path / "course"
    leave = shutil.ignore_patterns(".git", ".venv", "tests", "my-work", "__pycache__")
    shutil.copytree(ROOT, course, ignore=leave)
    name = "01-zero-insertion"
    path = course / "notebooks" / name / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cells.by_id(notebook.cells)["insert_zeros"].source = "def insert_zeros(x, stride):\n    pass"
    nbformat.write(notebook, path)
    with pytest.raises(AuthoringError) as refused:
        pack_students(course, tmp_path, "01")
    (sentence,) = str(refused.value).split("\n")
    for told in (f"`git checkout notebooks/{name}`", "`make build`", "my-work/", "insert_zeros"):
        assert told in sentence
    assert not (tmp_path / "students").exists()


@pytest.mark.parametrize("upto", ["07", "0"])
def test_an_unclear_last_assignment_is_answered_with_those_that_exist(upto):
    with pytest.raises(AuthoringError, match=r"01-zero-insertion.*06-image-generation"):
        released(ROOT, upto)


def test_the_command_says_where_the_package_lies(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = ["package", "students", "--upto", "01", "--to", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "students.zip") in result.output
    refused = CliRunner().invoke(app, [*arguments[:2], "--upto", "99"])
    assert refused.exit_code == 1
    assert refused.output.startswith("✗ --upto: No assignment begins with 99. There is: 01-zero-")


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("at a student's")
    with zipfile.ZipFile(packed.archive) as archive:
        archive.extractall(folder)
    return folder / "students"


def alone(folder):
    """An environment in which only the unpacked files are the course, and `python` is this one."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PYTHONPATH": str(folder), "PATH": path}


def test_the_archive_alone_lays_out_my_work_before_the_server_that_binder_names(unpacked):
    program = "import os; print(os.environ['JUPYTER_CONFIG_PATH'])"
    run = subprocess.run(
        ["bash", ".binder/start", sys.executable, "-c", program],
        cwd=unpacked, env=alone(unpacked), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.split(os.pathsep)[0].strip() == str(unpacked / "autograder/desk/settings")
    notebook = Path("01-zero-insertion/01-zero-insertion.ipynb")
    written = (unpacked / "my-work" / notebook).read_bytes()
    assert written == (unpacked / "notebooks" / notebook).read_bytes()
    assert f"]({notebook})" in (unpacked / "my-work/Home.md").read_text("utf-8")


LOOK_AROUND = """
import importlib, importlib.util, json, pkgutil
for module in pkgutil.walk_packages(lab.__path__, "autograder.lab."):
    importlib.import_module(module.name)
others = [p for p in ("grading", "examiner", "authoring", "cli")
          if importlib.util.find_spec(f"autograder.{p}")]
images = [len(datasets.fashion_mnist("train")[0]), len(datasets.nuclei("validation")[0]),
          len(datasets.photographs("train"))]
print(json.dumps([lab.__file__, others, images]))
"""


def test_the_archive_alone_runs_the_first_notebook_and_imports_and_finds_its_data(unpacked):
    path = unpacked / "notebooks/01-zero-insertion/01-zero-insertion.ipynb"
    notebook = nbformat.read(path, as_version=4)
    look = nbformat.v4.new_code_cell(LOOK_AROUND)
    notebook.cells.append(look)
    resources = {"metadata": {"path": str(path.parent)}}
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", allow_errors=True, resources=resources
    )
    # only the unpacked files are the course
    client.execute(env={**os.environ, "PYTHONPATH": str(unpacked)})
    errors = [o.ename for c in notebook.cells for o in c.get("outputs", []) if "ename" in o]
    assert errors == ["NotAttempted"] * len(exercises_of(path))
    where, others, images = json.loads(look.outputs[0].text)
    assert where == str(unpacked / "autograder/lab/__init__.py")
    assert others == []
    assert images == [8000, 8, 80]


def first_call(check):
    """The arguments with which a check calls an exercise's function first."""
    calls = []
    with contextlib.suppress(Exception):
        check(lambda *arguments: calls.append(arguments))
    return calls[0]


def test_no_function_that_students_get_answers_an_exercise(capsys, monkeypatch):
    for name in ("others", "smaller"):  # no search for what is wrong, since nearly all is
        monkeypatch.setattr(inputs, name, lambda _: iter(()))
    monkeypatch.setattr(causes, "mistakes_that_fit", lambda *_: [])
    modules = [
        importlib.import_module(m.name) for m in walk_packages(lab.__path__, "autograder.lab.")
    ]
    functions = {
        value: f"{module.__name__}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__.startswith("autograder.")
        and inspect.signature(value).return_annotation is not None
    }
    checks = {c: None for module in modules for c in vars(module).values() if isinstance(c, Check)}
    assert len(functions) > 100 and len(checks) > 40
    answers = []
    for check in checks:
        example = first_call(check)
        for function, name in functions.items():
            try:
                inspect.signature(function).bind(*check.parameters)
                given = (a.copy() if isinstance(a, np.ndarray) else a for a in example)
                function(*given)  # most fail here, which costs less than the whole check
                check(function)
            except Exception:
                continue
            answers.append((check.name, name))
    assert not answers
