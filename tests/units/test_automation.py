"""What runs by itself: the workflow on GitHub and the hooks of a commit."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def job():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    return workflow["jobs"]["test"]


@pytest.fixture(scope="module")
def hooks():
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    return {hook["id"]: hook for hook in repositories[0]["hooks"]}


def test_the_workflow_runs_what_ci_runs_where_namespaces_are_allowed(job):
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == ["sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0", ".ci/run"]
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_workflow_tests_every_python_that_the_project_allows(job):
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    low, end = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", allowed).groups())
    assert job["strategy"]["matrix"]["python"] == [f"3.{minor}" for minor in range(low, end)]


def test_caches_change_with_the_pinned_packages(job):
    used = {step["uses"].split("@")[0]: step.get("with") for step in job["steps"] if "uses" in step}
    keyed = used["actions/setup-python"]["cache-dependency-path"].split()
    assert keyed == ["requirements.txt", "requirements/*.txt"]
    assert "hashFiles('requirements.txt')" in used["actions/cache"]["key"]
    assert "playwright==" in (ROOT / "requirements.txt").read_text()


def test_hooks_need_nothing_but_the_environment_of_the_course(hooks):
    assert {hook["language"] for hook in hooks.values()} == {"system", "fail"}
    programs = {h["entry"].split()[0] for h in hooks.values() if h["language"] == "system"}
    assert programs == {".venv/bin/ruff", ".venv/bin/autograder"}


def test_only_generated_notebooks_may_be_committed(hooks):
    hook = hooks["stray-notebook"]

    def refused(path):
        return bool(re.search(hook["files"], path) and not re.search(hook["exclude"], path))

    committed = [path.relative_to(ROOT) for path in ROOT.glob("solutions/*/*.ipynb")]
    committed += [path.relative_to(ROOT) for path in ROOT.glob("notebooks/*/*.ipynb")]
    assert committed and not any(refused(path.as_posix()) for path in committed)
    assert refused("draft.ipynb")
    assert refused("solutions/01-zero-insertion/draft.ipynb")
    assert refused("classroom/submitted/ada/01-zero-insertion/01-zero-insertion.ipynb")


@pytest.mark.parametrize(
    "path",
    ["solutions/01-a.py", "notebooks/01-a/01-a.ipynb", "autograder/lab/checks/a.py", "README.md"],
)
def test_a_changed_source_or_notebook_is_compared_at_the_commit(hooks, path):
    hook = hooks["generated-notebooks"]
    assert re.search(hook["files"], path)
    assert hook["entry"].endswith("build --check") and not hook["pass_filenames"]
