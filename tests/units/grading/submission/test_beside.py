"""Which files beside a notebook its code finds, and what is said of the others."""

import json
import os
import socket

import nbformat
import pytest
from tiny import NOTEBOOK, TINY, grade_class, hand_in, nbgrader, page, solved

from autograder.grading.gradebook.store import points
from autograder.grading.run.plan import submission_key
from autograder.grading.submission import beside
from autograder.grading.submission.beside import read_beside

NAME = "tiny.ipynb"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "ada"
    place.mkdir()
    (place / NAME).write_text("{}")
    return place


def test_small_texts_are_used_as_they_are(folder):
    contents = {"helpers.py": "a = 'ä'\r\n", "data.csv": "1,2\n", "größe 2.txt": "", "LICENSE": "x"}
    for name, text in contents.items():
        (folder / name).write_bytes(text.encode())
    found = read_beside(folder, NAME)
    assert (found.files, found.unused, found.notes()) == (contents, {}, [])


def test_what_systems_put_there_is_passed_over(folder):
    for name in ("timestamp.txt", "submission_secret.txt", ".DS_Store", "Thumbs.db"):
        (folder / name).write_text("x")
    for name in (".ipynb_checkpoints", "__pycache__", "__MACOSX"):
        (folder / name).mkdir()
    assert read_beside(folder, NAME) == beside.Beside()


def other(folder, name, content):
    (folder / name).write_bytes(content)


UNUSED = {
    "another notebook": lambda f: other(f, "tiny-Copy1.ipynb", b"{}"),
    "not text in UTF-8": lambda f: other(f, "weights.npz", b"PK\x03\x04\xff"),
    "not text in UTF-8 ": lambda f: other(f, "latin.py", "# ä".encode("latin-1")),
    "not text in UTF-8  ": lambda f: other(f, "zeros.txt", b"a\0b"),
    "a link": lambda f: (f / "passwords.txt").symlink_to("/etc/passwd"),
    "a link ": lambda f: (f / "folder.py").symlink_to(f),
    "a folder": lambda f: (f / "package").mkdir(),
    "not a file": lambda f: os.mkfifo(f / "pipe.py"),
    "not a file ": lambda f: socket.socket(socket.AF_UNIX).bind(str(f / "s.py")),
    "more than 1 MB together": lambda f: other(f, "huge.csv", b"x" * (2**20 + 1)),
    "of a kind that is never used": lambda f: other(f, "evil.pth", b"import os"),
    "of a kind that is never used ": lambda f: other(f, "evil.PTH", b"import os"),
    "of a kind that is never used  ": lambda f: other(f, "fast.SO", b""),
    "of a kind that is never used   ": lambda f: other(f, "libx.so.1", b""),
    "of a kind that is never used    ": lambda f: other(f, "helpers.pyc", b""),
    "of a kind that is never used     ": lambda f: other(f, "SiteCustomize.py", b""),
    "of a kind that is never used      ": lambda f: other(f, "usercustomize.py", b""),
    "an installed module has its name": lambda f: other(f, "numpy.py", b""),
    "an installed module has its name ": lambda f: other(f, "random.py", b""),
    "an installed module has its name  ": lambda f: other(f, "autograder.py", b""),
    "its name": lambda f: other(f, "a\nb.py", b""),
    "its name ": lambda f: other(f, "a\\b.py", b""),
    "its name  ": lambda f: other(f, "\x1b[2Jb.py", b""),
    "its name   ": lambda f: other(f, "x" * 101, b""),
    "its name    ": lambda f: other(f, os.fsdecode(b"\xff.py"), b""),
}


@pytest.mark.parametrize("why", UNUSED)
def test_what_is_not_used_is_named_with_the_reason(folder, why):
    UNUSED[why](folder)
    found = read_beside(folder, NAME)
    assert (found.files, [*found.unused.values()]) == ({}, [why.strip()])
    (note,) = found.notes()
    assert note.startswith("not used beside the notebook: `") and f"({why.strip()})" in note
    assert note.isprintable()


def test_a_folder_that_is_a_link_or_missing_holds_nothing(folder, tmp_path):
    (folder / "helpers.py").write_text("a = 1")
    (tmp_path / "link").symlink_to(folder)
    assert read_beside(tmp_path / "link", NAME) == read_beside(tmp_path / "no", NAME)
    assert read_beside(tmp_path / "link", NAME) == beside.Beside()


def test_there_are_bounds_on_all_together_and_modules_come_first(folder):
    for number in range(25):
        (folder / f"a{number:02}.csv").write_text("1")
    (folder / "helpers.py").write_text("x" * 2**19)
    (folder / "more.py").write_text("y" * (2**19 - 10))
    found = read_beside(folder, NAME)
    assert [*found.files][:3] == ["helpers.py", "more.py", "a00.csv"]
    assert (len(found.files), len(found.unused)) == (12, 15)
    assert {*found.unused.values()} == {"more than 1 MB together"}
    (folder / "more.py").unlink()
    found = read_beside(folder, NAME)
    assert (len(found.files), {*found.unused.values()}) == (20, {"more than 20 files"})
    assert found.notes()[0].endswith("(more than 20 files), 1 more")


def test_their_content_is_part_of_what_decides_a_verdict(folder):
    def key():
        return submission_key(folder, NAME, seed=1)

    (folder / "helpers.py").write_text("a = 1")
    (folder / "picture.png").write_bytes(b"\x89PNG1")
    before = key()
    (folder / "picture.png").write_bytes(b"\x89PNG2")
    assert key() == before
    (folder / "helpers.py").write_text("a = 2")
    assert key() != before
    before = key()
    (folder / "folder").mkdir()
    assert key() != before
    before = key()
    (folder / "folder" / "more.py").touch()  # nobody looks into folders, however deep they are
    assert key() == before


# ---------------------------------------------------------------------------------- in a class
IMPORTS = "__import__('helpers').twice(x)"
HELPERS = "def twice(x):\n    return {} * x\n"


def test_a_notebook_is_graded_with_its_files_and_again_when_they_change(room, released):
    hand_in(room, "ada", solved(released, double=IMPORTS), helpers=HELPERS.format(2), numpy="")
    hand_in(room, "ben", solved(released, double=IMPORTS))
    outcomes = grade_class(room)
    assert {o.student: o.score for o in outcomes.values()} == {"ada": 5, "ben": 2}
    says = "not used beside the notebook: `numpy.py` (an installed module has its name)"
    assert outcomes["ada"].notes == (says,) and outcomes["ben"].notes == ()
    assert "numpy.py" in page(room, "ada")
    hand_in(room, "ada", solved(released, double=IMPORTS), helpers=HELPERS.format(3))
    outcomes = grade_class(room)
    assert (outcomes["ada"].score, outcomes["ada"].why) == (2, "handed in again")
    assert outcomes["ben"].why is None


def test_stock_nbgrader_grades_with_them_too_and_what_an_editor_damaged(own, released, capsys):
    notebook = solved(released, double=IMPORTS)
    hand_in(own, "ada", notebook, helpers=HELPERS.format(2), random="")
    lost = json.loads(nbformat.writes(solved(released)))
    for c in lost["cells"]:
        c["metadata"] = {}
    lost["cells"].append({"cell_type": "code", "source": None, "metadata": {}, "outputs": []})
    hand_in(own, "ben", json.dumps(lost).encode())
    nbgrader(own.root, "generate_assignment", TINY, "--force")
    nbgrader(own.root, "autograde", TINY)
    assert points(own, NOTEBOOK)["ben"]["test_half"].score == 2
    assert "`random.py` (an installed module has its name)" in capsys.readouterr().err
    assert "error" not in own.autograded("ada", NOTEBOOK).read_text().lower()
