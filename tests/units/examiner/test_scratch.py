"""Files go to the student's process alone, each time that it is started."""

import os

import pytest
from examining import LIMITS

from autograder.examiner.engine import Engine
from autograder.examiner.job import Cell

FILES = {
    "helpers.py": "def g():\r\n    return 'ä'\r\n",
    "data.csv": "1,2\n",
    "autograder.py": "raise ValueError",
    "fashion-mnist-test.npz": "not the course's",
    "empty.txt": "",
}
CELLS = [
    Cell("setup", "import os\nfolder = os.getcwd()\nfiles = sorted(os.listdir())"),
    Cell("student", "from helpers import g\ndef f():\n    return g(), open('data.csv').read()"),
    Cell("student", "def mine():\n    return folder, files"),
    Cell("student", "os._exit(1)"),
    Cell("grade", "assert f() == ('ä', '1,2\\n')"),
    Cell("grade", "assert files == [], files\nfor name in ('helpers.py', 'data.csv'):\n"
         "    assert not os.path.exists(name)"),
    Cell("grade", f"assert mine()[1] == {sorted(FILES)}, mine()"),
    Cell("grade", "import helpers"),
    Cell("grade", "from autograder import lab\nfrom autograder.lab import datasets\n"
         "datasets.fashion_mnist('test')"),
]  # fmt: skip


def verdicts(engine, files):
    results = engine.examine(CELLS, LIMITS, 7, files).results
    return [r.error.name if r.error else "" for r in results[4:]]


def test_the_students_process_finds_its_files_after_each_start_and_the_judge_none(engine):
    assert verdicts(engine, FILES) == ["", "", "", "ModuleNotFoundError", ""]


def test_there_are_none_by_default(engine):
    results = engine.examine(CELLS[:2], LIMITS, 7).results
    assert results[1].error.name == "ModuleNotFoundError"


@pytest.mark.slow
def test_without_a_sandbox_each_process_has_a_folder_of_its_own_that_is_removed():
    shows = [Cell("setup", "import os\nprint(os.getcwd())"), Cell("student", "print(1)")]
    with Engine("process") as plain:
        assert verdicts(plain, FILES) == ["", "", "", "ModuleNotFoundError", ""]
        results = plain.examine(shows, LIMITS, 7, FILES).results
    folders = results[0].printed["stdout"].split()
    assert len({*folders}) == 2
    assert not any(map(os.path.exists, folders))
