"""What Binder and Colab do with a published course and its students' package, without either."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest

from autograder import cells
from autograder.authoring.package import pack_students
from autograder.authoring.publish import Repository, publish

ROOT = Path(__file__).parents[3]
FIRST = "notebooks/01-zero-insertion/01-zero-insertion.ipynb"
HOME = Repository("some-school/upsampling")


@pytest.fixture
def package(first, tmp_path):
    """The students' package of a published course."""
    publish(first, HOME)
    return pack_students(first, tmp_path / "public").folder


@pytest.fixture(params=["course", "package"])
def repository(request, package, tmp_path):
    """The files of the course, or of the package, that Binder decides by."""
    folder = tmp_path / "repository"
    source = ROOT if request.param == "course" else package
    shutil.copytree(source / ".binder", folder / ".binder")
    shutil.copytree(source / "requirements", folder / "requirements")
    shutil.copy(source / "pyproject.toml", folder)
    return folder


def image_of(repository):
    """The lines of the Dockerfile that repo2docker makes, which is the program that Binder runs."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(repository)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return (run.stdout + run.stderr).splitlines()


def test_binder_takes_the_python_of_runtime_txt(repository):
    assert "environment-2epy-2d3-2e12" in "".join(image_of(repository))
    (repository / ".binder/runtime.txt").write_text("python-3.11\n")
    assert "environment-2epy-2d3-2e11" in "".join(image_of(repository))


def test_binder_installs_the_requirements_once_all_files_are_there(repository):
    lines = image_of(repository)
    everything = lines.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    install = next(n for n, line in enumerate(lines) if '-r ".binder/requirements.txt"' in line)
    assert everything < install  # it reads ../requirements/student.txt
    assert "RUN ./.binder/postBuild" in lines[install:]


def test_what_binder_installs_first_names_a_file_that_is_there(repository):
    (line,) = (repository / ".binder/requirements.txt").read_text().splitlines()
    target = repository / ".binder" / line.removeprefix("-r ")
    assert "jupyterlab==" in target.read_text()
    script = (repository / ".binder/postBuild").read_text()
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


@pytest.fixture
def colab(tmp_path):
    """The Python of an environment that has all packages of this one but not the course."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "autograder" not in path.name and path.suffix != ".pth":
            (packages / path.name).symlink_to(path)
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    (own,) = environment.glob("lib/*/site-packages")
    (own / "packages.pth").write_text(f"{packages}\n")
    return environment / "bin/python"


def git(folder, *words):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.slow
def test_the_first_cell_installs_the_course_where_it_is_missing(colab, package, tmp_path):
    repository = tmp_path / "published"
    shutil.copytree(package, repository)
    git(repository, "init", "--quiet")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "Release")

    named = cells.by_id(nbformat.read(repository / FIRST, as_version=4).cells)
    program = f"""
import importlib.util, json
assert importlib.util.find_spec("autograder") is None, "the course was there before"
{named["setup"].source}
{named["setup_data"].source}
print(json.dumps([lab.__file__, photo.shape]))
"""
    content = tmp_path / "content"  # the folder in which Colab runs a notebook
    content.mkdir()
    here = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    without_network = {
        "PIP_NO_INDEX": "1",  # all that the course needs is there; its build backend, too
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads "0" as: no isolation
        "PIP_CONFIG_FILE": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": HOME.address,
    }
    run = subprocess.run(
        [colab, "-c", program], cwd=content, env=here | without_network,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    installed, shape = json.loads(run.stdout.splitlines()[-1])
    assert Path(installed).is_relative_to(colab.parents[1])
    assert shape == [28, 28]


@pytest.mark.slow
def test_the_first_cell_of_a_course_without_a_repository_says_what_is_missing(colab, first):
    named = cells.by_id(nbformat.read(first / FIRST, as_version=4).cells)
    run = subprocess.run(
        [colab, "-I", "-c", named["setup"].source], capture_output=True, text=True, check=False
    )
    last = run.stderr.splitlines()[-1]
    assert last == ("RuntimeError: The course is not installed here: set it up as its README says.")
