"""What other systems and nbgrader itself call a submission is recognized, or told how to rename."""

from datetime import UTC, datetime

import nbformat
import pytest
from downloads import download, zipped
from tiny import NOTEBOOK, TINY, solved

from autograder.grading.classroom import GradingError
from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.roster import read_roster


@pytest.fixture
def notebook(released):
    return nbformat.writes(solved(released)).encode()


def placed(lines):
    return {line.student: line.status for line in lines if line.status != "not placed"}


def content_of(room, student):
    return room.submitted_notebook(student, NOTEBOOK).read_bytes()


def stamp_of(room, student):
    stamp = room.submitted(student, TINY) / "timestamp.txt"
    return stamp.read_text().strip() if stamp.is_file() else None


def folder_of(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


BLACKBOARD = "Home_work 1_{}_attempt_2026-09-30-{}-00_tiny.ipynb"
D2L = "5012-7744 - Jane Doe - Sep 30, 2026 {} {}tiny.ipynb"
ILIAS = "Doe_Jane_jdoe_4711/tiny.ipynb"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (BLACKBOARD.format("jdoe", "09-15"), "jdoe"),
        (D2L.format("915 AM", "- "), "jane-doe-5012"),
        (D2L.format("9:15 AM", "- "), "jane-doe-5012"),
        ("5012-7744 - Jane Doe - Sep 30, 2026 1215 PM/tiny.ipynb", "jane-doe-5012"),
        ("5012-7744 - Jane Doe - 30 September, 2026 1430 - tiny.ipynb", "jane-doe-5012"),
        (ILIAS, "jdoe"),
        ("Doe_Jane_jdoe_4711/20260930091500_tiny.ipynb", "jdoe"),
        ("tiny-jdoe/tiny.ipynb", "jdoe"),
        ("TINY-j-doe/homework/tiny.ipynb", "j-doe"),
    ],
)
def test_what_other_systems_download_is_recognized(room, tmp_path, notebook, name, student):
    assert placed(collect(room, download(tmp_path / "x.zip", {name: notebook}))) == {student: "new"}


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Hw_mal_attempt_2026-09-30-09-15-00_x_vic_attempt_2026-09-30-09-15-00_t.ipynb", "mal"),
        ("mal_12_345_vic_attempt_2026-09-30-09-15-00_tiny.ipynb", "mal-12"),
        ("5012-7744 - Mal - Sep 30, 2026 915 AM - x_99_assignsubmission_file_t.ipynb", "mal-5012"),
        ("5012-7744 - Mal - Sep 30, 2026 915 AM - 1-2 - Vic - Sep 1, 2026 1 AM - t.ipynb",
         "mal-5012"),
        ("mal.zip/Doe_Jane_vic_4711/tiny.ipynb", None),
        ("mal/submission_metadata.yml/tiny.ipynb", "mal"),
    ],
)  # fmt: skip
def test_a_students_own_name_for_a_file_passes_for_nobody_else(
    room, tmp_path, notebook, name, student
):
    lines = collect(room, download(tmp_path / "x.zip", {name: notebook}), TINY)
    assert [*placed(lines)] == ([student] if student else [])
    assert student or "is a download of its own" in lines[0].note


@pytest.mark.parametrize(
    ("older", "newer", "student"),
    [
        (BLACKBOARD.format("ada", "09-15"), BLACKBOARD.format("ada", "10-00"), "ada"),
        (D2L.format("1155 AM", "- a-"), D2L.format("1205 PM", "- b-"), "jane-doe-5012"),
        (D2L.format("1255 AM", "- a-"), D2L.format("105 AM", "- b-"), "jane-doe-5012"),
    ],
)
def test_the_later_attempt_by_the_systems_time_counts(
    room, tmp_path, notebook, older, newer, student
):
    files = {newer: notebook, older: notebook + b" "}  # the archive's times say the contrary
    collect(room, download(tmp_path / "x.zip", files))
    assert content_of(room, student) == notebook


def test_a_roster_knows_people_by_what_a_system_calls_them(room, tmp_path, notebook):
    (tmp_path / "r.csv").write_text("id,name\nada,Jane Doe\njdoe2,Other One\n")
    roster = read_roster(tmp_path / "r.csv")
    for name in (D2L.format("915 AM", "- "), ILIAS):
        source = download(tmp_path / "x.zip", {name: notebook})
        (line,) = collect(room, source, roster=roster)
        assert line.student == "ada"
    source = download(tmp_path / "y.zip", {BLACKBOARD.format("jdoe2", "09-15"): notebook})
    assert placed(collect(room, source, roster=roster)) == {"jdoe2": "new"}
    stranger = download(tmp_path / "z.zip", {BLACKBOARD.format("eve", "09-15"): notebook})
    assert placed(collect(room, stranger, roster=roster)) == {}


def test_the_folder_of_github_classroom_says_what_its_repositories_begin_with(
    room, tmp_path, notebook
):
    source = folder_of(tmp_path / "hw-1-submissions", {"hw-1-ada/tiny.ipynb": notebook})
    assert placed(collect(room, source)) == {"ada": "new"}


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("Exercise 1/Submissions/Doe_Jane_jdoe_4711/tiny.ipynb", "Exercise 1/Submissions"),
        ("course/inbound/ada+tiny+2026-09-30 09:00:00 UTC/tiny.ipynb", "course/inbound"),
    ],
)
def test_a_download_in_folders_is_told_apart_with_what_to_do(
    room, tmp_path, notebook, path, inside
):
    (line,) = collect(room, download(tmp_path / "x.zip", {path: notebook}))
    assert line.note == f"{inside} is a download of its own: collect it by itself"


# --------------------------------------------------------------------------------------- nbgrader
@pytest.mark.parametrize("collected", ["last-year", "last-year/submitted"])
def test_a_tree_of_nbgraders_comes_with_its_timestamps(room, tmp_path, notebook, collected):
    files = {
        "ada/tiny/tiny.ipynb": notebook,
        "ada/tiny/timestamp.txt": b"2026-09-30 09:00:00 CET",
        "bob/tiny/tiny.ipynb": notebook,
        "bob/tiny/timestamp.txt": b"2026-09-30 09:00:00 XYZ",
        "cy/tiny/tiny.ipynb": notebook,
    }
    folder_of(tmp_path / "last-year" / "submitted", files)
    lines = {line.student: line for line in collect(room, tmp_path / collected)}
    assert {name: line.status for name, line in lines.items()} == dict.fromkeys(
        ["ada", "bob", "cy"], "new"
    )
    assert stamp_of(room, "ada") in ("2026-09-30 08:00:00 UTC", "2026-09-30 07:00:00 UTC")
    assert stamp_of(room, "bob") is None and stamp_of(room, "cy") is None
    assert "time zone XYZ, which is not known" in lines["bob"].note
    assert lines["ada"].note == lines["cy"].note == ""


def test_a_timestamp_in_a_students_own_archive_counts_for_nothing(room, tmp_path, notebook):
    inner = {"tiny/tiny.ipynb": notebook, "tiny/timestamp.txt": b"2020-01-01 00:00:00 UTC"}
    files = {f"{who}.zip": zipped(inner) for who in ("ada", "bob")}
    collect(room, download(tmp_path / "x.zip", files))
    assert stamp_of(room, "ada").startswith("2026-09-30")


@pytest.mark.parametrize("around", ["", "inbound/"])
def test_the_exchanges_folders_say_who_and_when(room, tmp_path, notebook, around):
    def sent(who, time, key="+bW9yZSBrZXlz"):
        return f"{around}{who}+tiny+{time}{key}/tiny.ipynb"

    files = {
        sent("ada", "2026-09-30 09:00:00.123456 UTC"): notebook + b" ",
        sent("ada", "2026-09-30 09:30:00.000000 UTC", ""): notebook,
        sent("bob", "2026-09-30 09:00:00.123456 XYZ"): notebook,
        sent("c+y", "2026-09-30 09:00:00.123456 UTC"): notebook,
        f"{around}ada+tiny+2026-09-30 09:30:00.000000 UTC/timestamp.txt": b"1999-01-01 UTC",
    }
    lines = collect(room, download(tmp_path / "x.zip", files), TINY)
    assert set(placed(lines)) == {"ada", "bob", "c+y"}
    assert content_of(room, "ada") == notebook
    assert stamp_of(room, "ada") == "2026-09-30 09:30:00 UTC"
    assert stamp_of(room, "bob") is None
    assert ["XYZ" in line.note for line in lines if line.student == "bob"] == [True]


# ------------------------------------------------------------------------------------- gradescope
METADATA = """\
submission_11:
  :submitters:
  - :name: Jane Doe
    :sid: '12345'
    :email: jane@uni.edu
  :created_at: 2026-09-30 09:00:00.000000000 -07:00
  :score: 1.0
submission_12:
  :submitters:
  - :name: Bo Li
    :sid:
    :email: bo@uni.edu
  - :name: Ann Lee
    :sid: a1
    :email: ann@uni.edu
  :created_at: 2026-09-30 09:01:00
submission_13:
  :submitters: []
"""


@pytest.mark.parametrize("around", ["", "assignment_77_export/"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_gradescope_export_says_who_and_when(room, tmp_path, notebook, around, packed):
    names = ("submission_11/tiny.ipynb", "submission_12/sub/tiny.ipynb", "submission_13/t.ipynb")
    files = {f"{around}{name}": notebook for name in names}
    files[f"{around}submission_metadata.yml"] = METADATA.encode()
    source = (
        download(tmp_path / "x.zip", files) if packed else folder_of(tmp_path / "export", files)
    )
    lines = collect(room, source)
    assert placed(lines) == dict.fromkeys(["12345", "bo@uni.edu", "a1"], "new")
    assert stamp_of(room, "12345") == "2026-09-30 16:00:00 UTC"
    assert stamp_of(room, "a1") is None  # the export does not say in which time zone
    (nobody,) = [line for line in lines if line.status == "not placed"]
    assert nobody.note == "the export names nobody who handed it in"
    (tmp_path / "r.csv").write_text("id,name\nada,Jane Doe\n")
    roster = read_roster(tmp_path / "r.csv")
    assert "ada" in placed(collect(room, source, roster=roster))


def test_a_students_own_metadata_make_nobody_a_submitter(room, tmp_path, notebook):
    files = {
        "mal/submission_metadata.yml": METADATA.encode(),
        "mal/submission_11/tiny.ipynb": notebook,
    }
    assert placed(collect(room, download(tmp_path / "x.zip", files))) == {"mal": "new"}


def test_metadata_that_are_damaged_are_told_in_words(room, tmp_path):
    for text in (b"- a", b"a: [", b"submission_1: 3"):
        source = download(tmp_path / "x.zip", {"submission_metadata.yml": text})
        with pytest.raises(GradingError, match=r"submission_metadata\.yml in .* is damaged"):
            collect(room, source)


# ---------------------------------------------------------------------------- letters of the world
@pytest.mark.parametrize("name", ["Ελένη", "李明", "Ольга"])
def test_a_folder_in_another_script_is_told_a_way_and_a_roster_is_one(
    room, tmp_path, notebook, name
):
    source = download(tmp_path / "x.zip", {f"{name}/tiny.ipynb": notebook})
    (line,) = collect(room, source)
    assert line.status == "not placed" and "rename the folder" in line.note and name in line.note
    (tmp_path / "r.csv").write_text(f"id,name\nada,{name}\n", encoding="utf-8")
    roster = read_roster(tmp_path / "r.csv")
    assert placed(collect(room, source, roster=roster)) == {"ada": "new"}


# ------------------------------------------------------------------------------------------- times
def test_it_is_said_that_an_archive_tells_no_time_zone(room, tmp_path, notebook):
    files = {f"{who}_1_assignsubmission_file/tiny.ipynb": notebook for who in ("A", "B")}
    files = {name.replace("B_1", "B_2"): content for name, content in files.items()}
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert [line.guessed for line in lines] == [True, True]
    written = datetime(2026, 9, 30, 9, 0).astimezone(UTC)
    assert stamp_of(room, "a-1") == f"{written:%Y-%m-%d %H:%M:%S} UTC"
    source = folder_of(tmp_path / "in", {"ada/tiny.ipynb": notebook})
    assert [line.guessed for line in collect(room, source)] == [False]
