"""The files that came with the notebook that counts are placed with it, and no others."""

import os
import zipfile
from datetime import datetime

import pytest
from downloads import download, placed, reasons, zipped
from tiny import NOTEBOOK, TINY

from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.roster import read_roster
from autograder.grading.incoming.schemes import Place, place_of
from autograder.grading.run.plan import submission_key
from autograder.grading.submission.beside import MOST_FILES

HELPERS = b"def twice(x):\n    return 2 * x\n"


def beside(room, student):
    """What lies beside a student's notebook, by name."""
    folder = room.submitted(student, TINY)
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.name not in (NOTEBOOK.file, "timestamp.txt")
    }


def folder_of(root, files):
    """A folder of files, all written on one day in September."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written_on(30, path)
    return root


def written_on(day, path):
    when = datetime(2026, 9, day).timestamp()
    os.utime(path, (when, when))


# -------------------------------------------------------------------------------- where it lies
@pytest.mark.parametrize(
    ("files", "student"),
    [
        (("doejane_12_345_tiny.ipynb", "doejane_12_340_helpers.py"), "doejane-12"),
        (("doejane_LATE_12_345_tiny-1.ipynb", "doejane_LATE_12_346_helpers.py"), "doejane-12"),
        (("anon_Ab3_345_tiny.ipynb", "anon_Ab3_346_helpers.py"), "anon_Ab3"),
        (("Bo Li_9_assignsubmission_file_/tiny.ipynb", "Bo Li_9_assignsubmission_file_/helpers.py"),
         "bo-li-9"),
        (("Bo Li_9_assignsubmission_file_tiny.ipynb", "Bo Li_9_assignsubmission_file_helpers.py"),
         "bo-li-9"),
        (("H_w_bo_attempt_2026-09-30-09-15-00_t.ipynb",
          "H_w_bo_attempt_2026-09-30-09-15-00_helpers.py"), "bo"),
        (("5-7 - Bo Li - Sep 30, 2026 915 AM - tiny.ipynb",
          "5-7 - Bo Li - Sep 30, 2026 915 AM - helpers.py"), "bo-li-5"),
        (("Li_Bo_bo_47/20260930091500_tiny.ipynb", "Li_Bo_bo_47/20260930091501_helpers.py"), "bo"),
        (("tiny-bo/hw/tiny.ipynb", "tiny-bo/hw/helpers.py"), "bo"),
        (("inbound/bo+tiny+2026-09-30 09:00:00 UTC/tiny.ipynb",
          "inbound/bo+tiny+2026-09-30 09:00:00 UTC/helpers.py"), "bo"),
        (("submitted/bo/tiny/tiny.ipynb", "submitted/bo/tiny/helpers.py"), "bo"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [True, False])
def test_a_file_is_placed_with_the_notebook_under_the_students_name_for_it(
    room, tmp_path, notebook, files, student, packed
):
    contents = dict(zip(files, (notebook, HELPERS), strict=True))
    source = (
        download(tmp_path / "x.zip", contents) if packed else folder_of(tmp_path / "in", contents)
    )
    (line,) = collect(room, source)
    assert (line.student, line.status) == (student, "new")
    assert line.note.startswith("with helpers.py")
    assert beside(room, student) == {"helpers.py": HELPERS}


def test_a_folder_called_submitted_a_gradescope_export_and_a_students_zip_have_them_too(
    room, tmp_path, notebook
):
    files = {"tiny/tiny.ipynb": notebook, "tiny/helpers.py": HELPERS}
    collect(
        room, folder_of(tmp_path / "submitted", {f"ada/{name}": c for name, c in files.items()})
    )
    (tmp_path / "zips").mkdir()
    (tmp_path / "zips" / "bob.zip").write_bytes(zipped({"deep.zip": zipped(files)}))
    collect(room, tmp_path / "zips")
    listed = b"submission_1:\n  :submitters:\n  - :email: cy@x\n  - :email: di@x\n"
    export = {f"submission_1/{name}": content for name, content in files.items()}
    collect(room, download(tmp_path / "e.zip", {"submission_metadata.yml": listed, **export}))
    for student in ("ada", "bob", "cy@x", "di@x"):
        assert beside(room, student) == {"helpers.py": HELPERS}


def test_each_member_of_a_team_has_a_copy(room, tmp_path, notebook):
    (tmp_path / "r.csv").write_text("id,name,group\nada,Ada,Red\nbob,Bob,Red\n")
    folder = "Red_7_assignsubmission_file_"
    files = {f"{folder}/tiny.ipynb": notebook, f"{folder}/helpers.py": HELPERS}
    source = download(tmp_path / "x.zip", files)
    collect(room, source, roster=read_roster(tmp_path / "r.csv"))
    assert beside(room, "ada") == beside(room, "bob") == {"helpers.py": HELPERS}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("mal_12_345_vic_99_999_x.py", Place(("mal_12_",), "vic_99_999_x.py", 345)),
        ("Hw_bo_attempt_2026-09-30-09-15-00.txt", None),  # Blackboard's own
        ("helpers.py", None),
        ("a/20260930091500_x.py", Place(("a",), "20260930091500_x.py")),
    ],
)
def test_a_name_says_no_more_than_it_does(path, place):
    assert place_of((*path.split("/"),)) == place
    alone = place_of((*path.split("/"),), one_students=True)
    assert alone is not None and alone.name == path.split("/")[-1]


def test_what_lies_elsewhere_is_no_part_of_it_and_nobody_gets_anothers(room, tmp_path, notebook):
    files = {
        "ada/new/tiny.ipynb": notebook,
        "ada/new/data/x.csv": b"1",
        "ada/old/tiny.ipynb": notebook + b" ",
        "ada/old/helpers.py": b"old = 1",
        "ada/top.py": b"top = 1",
        "bob/tiny.ipynb": notebook,
        "cy/helpers.py": HELPERS,
        "dan_4_11_tiny.ipynb": notebook,
        "eve_5_12_helpers.py": HELPERS,
    }
    source = folder_of(tmp_path / "in", files)
    written_on(20, source / "ada/old/tiny.ipynb")
    lines = collect(room, source)
    assert placed(lines) == {"ada": "older", "bob": "new", "dan-4": "new"}
    assert [beside(room, who) for who in ("ada", "bob", "dan-4")] == [{}, {}, {}]
    aside = [name for name in files if not name.endswith(".ipynb")]
    assert reasons(lines) == dict.fromkeys(aside, "is not a notebook")


def test_of_two_files_of_a_name_the_later_one_counts(room, tmp_path, notebook):
    names = ("li_1_9_helpers.py", "li_1_10_helpers.py")
    files = {"li_1_11_tiny.ipynb": notebook, names[1]: HELPERS, names[0]: b"old = 1"}
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert reasons(lines) == {names[0]: "a later one of that name counts"}
    assert beside(room, "li-1") == {"helpers.py": HELPERS}


def test_what_a_student_typed_into_a_form_is_no_file(room, tmp_path, notebook):
    files = {"li_1_11_tiny.ipynb": notebook, "li_1_12_my_text.html": b"<p>hello</p>"}
    (line,) = collect(room, download(tmp_path / "x.zip", files))
    assert line.note == "" and beside(room, "li-1") == {}


# ------------------------------------------------------------------------------ what can be used
UNUSED = {
    "essay.pdf": (b"%PDF\xff", "not text in UTF-8"),
    "big.csv": (b"0" * (3 * 2**20), "more than 1 MB together"),
    "evil.pth": (b"import os", "of a kind that is never used"),
    "sitecustomize.py": (b"", "of a kind that is never used"),
    "numpy.py": (b"", "an installed module has its name"),
    "b\x1b[2J.py": (b"", "its name"),
    "x" * 101: (b"", "its name"),
    "李" * 90: (b"", "its name"),
}


@pytest.mark.parametrize("packed", [True, False])
def test_what_is_not_used_beside_a_notebook_is_not_placed_for_the_same_reason(
    room, tmp_path, notebook, packed
):
    contents = {f"ada/{name}": content for name, (content, _) in UNUSED.items()}
    if not packed:
        del contents[f"ada/{'李' * 90}"]  # which no file can be called
    files = {**contents, "ada/tiny.ipynb": notebook, "ada/helpers.py": HELPERS}
    files |= {"ada/Thumbs.db": b"x", "ada/.hidden.py": b"x"}
    source = download(tmp_path / "x.zip", files) if packed else folder_of(tmp_path / "in", files)
    lines = collect(room, source)
    says = {name: UNUSED[name.removeprefix("ada/")][1] for name in contents}
    assert reasons(lines) == {**says, "ada/Thumbs.db": "is not a notebook"}
    assert beside(room, "ada") == {"helpers.py": HELPERS}


def test_there_are_at_most_so_many_and_a_note_names_some(room, tmp_path, notebook):
    names = [f"a{number:02}.csv" for number in range(MOST_FILES + 4)]
    files = dict.fromkeys([f"ada/{name}" for name in names], b"1") | {"ada/tiny.ipynb": notebook}
    *unused, line = collect(room, download(tmp_path / "x.zip", files | {"ada/z.py": b""}))
    assert line.note == "with z.py, a00.csv, a01.csv, a02.csv, a03.csv, 15 more"
    assert {one.note for one in unused} == {f"more than {MOST_FILES} files"} and len(unused) == 5
    assert [*sorted(beside(room, "ada"))] == [*names[: MOST_FILES - 1], "z.py"]


def test_links_devices_and_damage_beside_a_notebook_are_refused(room, tmp_path, notebook):
    source = folder_of(tmp_path / "in", {"ada/tiny.ipynb": notebook})
    (source / "ada" / "passwords.txt").symlink_to("/etc/passwd")
    (source / "ada" / "all").symlink_to("/etc")
    os.mkfifo(source / "ada" / "pipe.py")
    assert {*reasons(collect(room, source)).values()} == {"is a link, a device or a pipe"}
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("bob/tiny.ipynb", notebook)
        archive.writestr("bob/broken.py", b"a = 12345")
        for name, kind in (("link.py", 0o120777), ("folder.py", 0o040755)):
            entry = zipfile.ZipInfo(f"bob/{name}")
            entry.external_attr = kind << 16
            archive.writestr(entry, "/etc/passwd")
    content = (tmp_path / "x.zip").read_bytes().replace(b"a = 12345", b"a = 54321")
    (tmp_path / "x.zip").write_bytes(content)
    lines = collect(room, tmp_path / "x.zip")
    assert reasons(lines) == {
        "bob/broken.py": "is damaged",
        "bob/link.py": "is a link, a device or a pipe",
        "bob/folder.py": "is a link, a device or a pipe",
    }
    assert beside(room, "ada") == beside(room, "bob") == {}


def test_a_link_in_the_place_of_a_file_that_was_read_is_not_followed(
    room, tmp_path, notebook, monkeypatch
):
    """The folder changes between the two times that it is walked through."""
    from autograder.grading.incoming import beside_notebooks

    source = folder_of(tmp_path / "in", {"ada/tiny.ipynb": notebook, "ada/helpers.py": HELPERS})

    def changed(*asked):
        (source / "ada/helpers.py").unlink()
        (source / "ada/helpers.py").symlink_to("/etc/passwd")
        return others(*asked)

    others = beside_notebooks.others
    monkeypatch.setattr(beside_notebooks, "others", changed)
    assert reasons(collect(room, source)) == {"ada/helpers.py": "is a link, a device or a pipe"}
    assert beside(room, "ada") == {}


# -------------------------------------------------------------------------------------- attempts
def test_a_changed_file_is_a_change_and_what_was_there_is_kept_whole(room, tmp_path, notebook):
    def files(attempt, helpers):
        return {f"li_1_{attempt}_tiny.ipynb": notebook, f"li_1_{attempt + 1}_helpers.py": helpers}

    first, folder = download(tmp_path / "1.zip", files(11, HELPERS)), room.submitted("li-1", TINY)
    assert placed(collect(room, first)) == {"li-1": "new"}
    key = submission_key(folder, NOTEBOOK.file, seed=1)
    assert placed(collect(room, first)) == {"li-1": "as before"}
    assert submission_key(folder, NOTEBOOK.file, seed=1) == key
    changed = HELPERS.replace(b"2", b"3")
    (line,) = collect(room, download(tmp_path / "2.zip", files(13, changed)))
    assert line.status == "replaced" and beside(room, "li-1") == {"helpers.py": changed}
    assert submission_key(folder, NOTEBOOK.file, seed=1) != key  # so it is graded again
    kept = room.folder / line.note.rpartition("the one before is in ")[2]
    assert (kept / "helpers.py").read_bytes() == HELPERS
    assert (kept / NOTEBOOK.file).read_bytes() == notebook
    (reason,) = reasons(collect(room, first)).values()
    assert "--force replaces it" in reason and beside(room, "li-1") == {"helpers.py": changed}


def test_a_resubmission_without_the_file_removes_it(room, tmp_path, notebook):
    files = {"li_1_11_tiny.ipynb": notebook, "li_1_12_helpers.py": HELPERS}
    collect(room, download(tmp_path / "1.zip", files))
    collect(room, download(tmp_path / "2.zip", {"li_1_13_tiny.ipynb": notebook}))
    assert beside(room, "li-1") == {}
    (kept,) = (room.folder / "backups" / "submitted").rglob("helpers.py")
    assert kept.read_bytes() == HELPERS


def test_a_submission_is_as_late_as_its_latest_file(room, tmp_path, notebook):
    files = {"ada/tiny.ipynb": notebook, "ada/helpers.py": b"old = 1", "ada/essay.pdf": b"\xff"}
    source = folder_of(tmp_path / "in", files)
    for day, name in ((20, "tiny.ipynb"), (21, "helpers.py")):
        written_on(day, source / "ada" / name)
    collect(room, source)
    stamp = room.submitted("ada", TINY) / "timestamp.txt"
    first = stamp.read_text()
    assert first.startswith(("2026-09-20", "2026-09-21"))
    (source / "ada/helpers.py").write_bytes(HELPERS)
    written_on(25, source / "ada/helpers.py")
    assert placed(collect(room, source)) == {"ada": "replaced"}
    assert first < stamp.read_text() < "2026-09-26"
    assert beside(room, "ada") == {"helpers.py": HELPERS}


def test_a_time_that_a_system_tells_is_that_of_all_files(room, tmp_path, notebook):
    folder = "ada+tiny+2026-09-20 09:00:00 UTC"
    files = {f"{folder}/tiny.ipynb": notebook, f"{folder}/helpers.py": HELPERS}
    collect(room, folder_of(tmp_path / "in", files))
    stamp = room.submitted("ada", TINY) / "timestamp.txt"
    assert stamp.read_text() == "2026-09-20 09:00:00 UTC\n"
