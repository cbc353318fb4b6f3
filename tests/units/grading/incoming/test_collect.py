"""Downloads of Moodle and Canvas become submissions; what is hostile in them goes nowhere."""

import contextlib
import json
import os
import random
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from downloads import download, placed, reasons, zipped
from hostile_downloads import attack, everything_below, seen_by
from tiny import NOTEBOOK, TINY
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading.classroom import GradingError
from autograder.grading.incoming import archives
from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.origins import remembered
from autograder.grading.incoming.roster import read_roster


def content_of(room, student):
    return room.submitted_notebook(student, NOTEBOOK).read_bytes()


# ------------------------------------------------------------------------------- systems' names
def test_a_canvas_download_is_placed_by_name_and_user_id(room, tmp_path, notebook):
    files = {
        "doejane_12_345_tiny.ipynb": notebook,
        "von_der_heide_LATE_13_346_tiny-2.ipynb": notebook,
        "anon_Ab3dE_347_tiny.ipynb": notebook,
        "roeben_14_348_essay.pdf": b"%PDF",
        "roeben_14_text.html": b"<p>hello</p>",
    }
    lines = collect(room, download(tmp_path / "c.zip", files))
    assert placed(lines) == {
        "doejane-12": "new",
        "von-der-heide-13": "new",
        "anon_Ab3dE": "new",
    }
    assert reasons(lines) == {"roeben_14_348_essay.pdf": "is not a notebook"}
    late = next(line for line in lines if line.student == "von-der-heide-13")
    assert late.note == "Canvas says: late"
    assert content_of(room, "doejane-12") == notebook


def test_a_moodle_download_is_placed_whether_in_folders_or_flat(room, tmp_path, notebook):
    files = {
        "Jané Doe_98_assignsubmission_file_/tiny.ipynb": notebook,
        "Bo Li_99_assignsubmission_file/sub/answer.ipynb": notebook,
        "Group A-Al_100_assignsubmission_file_tiny (1).ipynb": notebook,
        "李明_101_assignsubmission_file_/tiny.ipynb": notebook,
        "Bo Li_99_assignsubmission_onlinetext_/onlinetext.html": b"hello",
        "__MACOSX/Jané Doe_98_assignsubmission_file_/._tiny.ipynb": b"junk",
        "Bo Li_99_assignsubmission_file/.ipynb_checkpoints/tiny.ipynb": b"old",
    }
    lines = collect(room, download(tmp_path / "m.zip", files))
    assert placed(lines) == dict.fromkeys(
        ["jane-doe-98", "bo-li-99", "group-a-al-100", "101"], "new"
    )
    assert reasons(lines) == {}


def test_a_students_own_archive_is_looked_into(room, tmp_path, notebook):
    inner = zipped({"homework/tiny.ipynb": notebook, "data/data.csv": b"1,2"})
    files = {"doejane_12_345_hw.zip": inner, "li_13_346_hw.zip": zipped({"deep.zip": inner})}
    lines = collect(room, download(tmp_path / "c.zip", files))
    assert placed(lines) == {"doejane-12": "new", "li-13": "new"}
    assert "doejane_12_345_hw.zip/data/data.csv" in reasons(lines)


def test_what_a_student_names_inside_cannot_pass_for_another(room, tmp_path, notebook):
    inner = zipped({"victim_99_999_tiny.ipynb": notebook})
    files = {
        "mallory_12_345_hw.zip": inner,
        "Mal_98_assignsubmission_file_/Vic_99_assignsubmission_file_tiny.ipynb": notebook,
        "mallory_12_346_victim_99_999_tiny.ipynb": notebook,
    }
    lines = collect(room, download(tmp_path / "c.zip", files))
    assert set(placed(lines)) == {"mallory-12", "mal-98"}


@pytest.mark.parametrize(
    "layout", ["{student}/tiny.ipynb", "{student}/tiny/tiny.ipynb", "{student}.zip"]
)
def test_a_folder_for_each_student_is_named_by_the_id(room, tmp_path, notebook, layout):
    for student in ("ada", "bob@uni.edu"):
        path = tmp_path / "in" / layout.format(student=student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zipped({"tiny.ipynb": notebook}) if path.suffix == ".zip" else notebook)
    assert placed(collect(room, tmp_path / "in")) == {"ada": "new", "bob@uni.edu": "new"}


@pytest.mark.parametrize("below", ["hw1", "notebooks/tiny", "a/b/c", "tiny", "submitted/tiny"])
def test_whatever_lies_below_the_first_part_is_the_student(room, tmp_path, notebook, below):
    (tmp_path / "in").mkdir()
    for student in ("kim", "max"):
        inner = zipped({f"{below}/tiny.ipynb": notebook})
        (tmp_path / "in" / f"{student}.zip").write_bytes(inner)
    assert placed(collect(room, tmp_path / "in")) == {"kim": "new", "max": "new"}


def test_a_students_folders_in_folders_stop_nobody(room, tmp_path, notebook):
    source = tmp_path / "in"
    for student in ("ada", "ben"):
        (source / student).mkdir(parents=True)
        (source / student / f"{TINY}.ipynb").write_bytes(notebook)
    with contextlib.chdir(source / "ada"):
        for _ in range(1200):  # a path of more than 4,096 bytes
            os.mkdir("deeper")
            os.chdir("deeper")
    lines = collect(room, source)
    subprocess.run(["rm", "-r", source], check=True)  # pytest cannot
    assert placed(lines) == {"ada": "new", "ben": "new"}
    assert "it lies in too many folders" in " ".join(line.note for line in lines)


def test_a_folder_around_students_folders_is_not_taken_for_a_student(room, tmp_path, notebook):
    files = {f"hw1/{who}/tiny.ipynb": notebook for who in ("ada", "bob")}
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert placed(lines) == {}
    assert all("collect it by itself" in reason for reason in reasons(lines).values())
    for folder in ("notebooks", "tiny"):
        lines = collect(room, download(tmp_path / "y.zip", {f"{folder}/tiny.ipynb": notebook}))
        assert "is no student's name: rename" in reasons(lines)[f"{folder}/tiny.ipynb"]


def test_a_download_inside_a_folder_is_not_taken_for_a_student(room, tmp_path, notebook):
    (tmp_path / "in").mkdir()
    download(tmp_path / "in" / "submissions.zip", {"doejane_12_345_tiny.ipynb": notebook})
    (reason,) = reasons(collect(room, tmp_path / "in")).values()
    assert reason == "submissions.zip is a download of its own: collect it by itself"


def test_nbgraders_own_pattern_finds_other_systems_students(room, tmp_path, notebook):
    from autograder.grading.classroom import Classroom

    root = tmp_path / "course"
    root.mkdir()
    for name in ("solutions", "notebooks"):
        (root / name).symlink_to(room.root / name)
    config = (room.root / "nbgrader_config.py").read_text()
    pattern = r"c.FileNameCollectorPlugin.named_regexp = r'hw-(?P<student_id>\w+)-(?P<file_id>\w+)'"
    (root / "nbgrader_config.py").write_text(f"{config}\n{pattern}\n")
    source = download(tmp_path / "x.zip", {"hw-ada-tiny.ipynb": notebook})
    assert placed(collect(Classroom(root, root / "class"), source)) == {"ada": "new"}


# ----------------------------------------------------------------------------------- assignments
def test_the_cells_say_what_it_is_when_the_name_does_not(room, tmp_path, notebook):
    files = {
        "ada/Untitled.ipynb": notebook,
        "bob/tiny.ipynb": b"not a notebook",
        "cy/essay.ipynb": b"{}",
    }
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert placed(lines) == {"ada": "new", "bob": "new"}
    assert reasons(lines) == {
        "cy/essay.ipynb": "it does not match any assignment; name one with --assignment"
    }
    lines = collect(room, tmp_path / "x.zip", TINY)
    assert placed(lines) == {"ada": "as before", "bob": "as before", "cy": "new"}


def test_an_unknown_assignment_or_source_is_refused_in_words(room, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(GradingError, match="There is: tiny"):
        collect(room, tmp_path / "x.zip", "gone")
    with pytest.raises(GradingError, match=r"x\.zip is damaged, or no zip archive"):
        collect(room, tmp_path / "x.zip")
    with pytest.raises(GradingError, match="cannot be read: No such file"):
        collect(room, tmp_path / "gone.zip")


# -------------------------------------------------------------------------------------- attempts
@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("li_12_345_tiny.ipynb", "li_12_346_tiny.ipynb"),
        ("Li_12_assignsubmission_file_/tiny-1.ipynb", "Li_12_assignsubmission_file_/tiny-2.ipynb"),
        ("Li_12_assignsubmission_file_/tiny.ipynb", "Li_12_assignsubmission_file_/tiny (1).ipynb"),
        ("Li_12_assignsubmission_file_/a.ipynb", "Li_12_assignsubmission_file_/b.ipynb"),
    ],
)
def test_the_newest_of_several_attempts_counts(room, tmp_path, notebook, older, newer):
    files = {older: notebook, newer: notebook + b" ", "x_assignsubmission_file_": b""}
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert content_of(room, "li-12") == notebook + b" "
    old = next(line for line in lines if line.file == older)
    assert (old.status, old.note) == ("older", f"{newer.split('/')[-1]} counts")


def test_the_same_again_changes_nothing(room, tmp_path, notebook):
    source = download(tmp_path / "x.zip", {"li_12_345_tiny.ipynb": notebook})
    collect(room, source)
    before = seen_by(room.folder / "submitted")
    assert placed(collect(room, source)) == {"li-12": "as before"}
    assert seen_by(room.folder / "submitted") == before


def test_a_newer_attempt_replaces_and_the_one_before_is_kept(room, tmp_path, notebook):
    collect(room, download(tmp_path / "1.zip", {"li_12_345_tiny.ipynb": b"first"}), TINY)
    (line,) = collect(room, download(tmp_path / "2.zip", {"li_12_346_tiny.ipynb": notebook}))
    assert line.status == "replaced"
    kept = room.folder / line.note.removeprefix("the one before is in ") / f"{TINY}.ipynb"
    assert kept.read_bytes() == b"first"
    assert content_of(room, "li-12") == notebook


def test_a_later_download_replaces_even_if_all_its_times_are_its_own(room, tmp_path, notebook):
    names = [f"{who}_assignsubmission_file_/tiny.ipynb" for who in ("A_1", "B_2")]
    for hour, content in ((9, b"first"), (12, notebook)):
        files = dict.fromkeys(names, content)
        lines = collect(room, download(tmp_path / "x.zip", files, hour, minutes=0), TINY)
    assert placed(lines) == {"a-1": "replaced", "b-2": "replaced"}
    assert not list((room.folder / "submitted").rglob("timestamp.txt"))


def test_what_is_not_known_to_be_older_stays_unless_forced(room, tmp_path, notebook):
    collect(room, download(tmp_path / "2.zip", {"li_12_346_tiny.ipynb": notebook}))
    older = download(tmp_path / "1.zip", {"li_12_345_tiny.ipynb": b"first"})
    (reason,) = reasons(collect(room, older, TINY)).values()
    assert "--force replaces it" in reason
    assert content_of(room, "li-12") == notebook
    assert placed(collect(room, older, TINY, force=True)) == {"li-12": "replaced"}
    assert content_of(room, "li-12") == b"first"
    (backup,) = (room.folder / "backups" / "submitted").rglob("*.ipynb")
    assert backup.read_bytes() == notebook


def test_two_people_never_share_a_folder(room, tmp_path, notebook):
    files = {"Ada Li/tiny.ipynb": notebook, "ada-li/tiny.ipynb": notebook + b" "}
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert placed(lines) == {}
    assert set(reasons(lines).values()) == {"Ada Li and ada-li would have the same student id"}
    collect(room, download(tmp_path / "y.zip", {"bob/tiny.ipynb": notebook}))
    lines = collect(room, download(tmp_path / "z.zip", {"Bob/tiny.ipynb": notebook}))
    assert reasons(lines) == {
        "Bob/tiny.ipynb": "there is bob, which some systems take for the same"
    }


def two_files(folder, first, second):
    """Two notebooks of one student, each given by name, content and day in September."""
    folder.mkdir(parents=True)
    for name, content, day in (first, second):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        when = datetime(2026, 9, day).timestamp()
        os.utime(path, (when, when))


@pytest.mark.parametrize(
    ("copy", "day", "counts", "why"),
    [
        ("tiny-Copy1.ipynb", 10, "tiny.ipynb", "the newest"),
        ("tiny-Copy1.ipynb", 21, "tiny-Copy1.ipynb", "the newest"),
        ("tiny-Copy1.ipynb", 20, "tiny.ipynb", "the one of that exact name"),
        ("Untitled.ipynb", 20, "tiny.ipynb", "the one of that exact name"),
        ("tiny - Copy (2).ipynb", 10, "tiny.ipynb", "the newest"),
    ],
)
def test_of_two_copies_the_newer_one_counts_and_else_the_exact_name(
    room, tmp_path, notebook, copy, day, counts, why
):
    two_files(tmp_path / "in" / "ada", ("tiny.ipynb", notebook, 20), (copy, notebook + b" ", day))
    best, other = collect(room, tmp_path / "in")
    assert best.file == f"ada/{counts}" and best.note == f"{why} counts of 2 that differ"
    assert other.status == ("older" if why == "the newest" else "other")
    assert content_of(room, "ada") == (tmp_path / "in" / best.file).read_bytes()


def test_copies_that_are_the_same_need_no_note(room, tmp_path, notebook):
    copy = "tiny-Copy1.ipynb", notebook, 10
    two_files(tmp_path / "in" / "ada", ("tiny.ipynb", notebook, 20), copy)
    best, _ = collect(room, tmp_path / "in")
    assert best.note == ""


def test_of_copies_in_a_students_archive_its_own_times_say_which_is_newer(room, tmp_path, notebook):
    files = {"homework/tiny.ipynb": notebook + b" ", "homework/tiny-Copy1.ipynb": notebook}
    (tmp_path / "in").mkdir()
    download(tmp_path / "in" / "ada.zip", files)
    collect(room, tmp_path / "in")
    assert content_of(room, "ada") == notebook


def test_where_the_times_are_the_downloads_the_exact_name_counts(room, tmp_path, notebook):
    files = {f"{who}/tiny.ipynb": notebook for who in ("ada", "bob")}
    files |= {f"{who}/tiny-Copy1.ipynb": notebook + b" " for who in ("ada", "bob")}
    collect(room, download(tmp_path / "x.zip", files, minutes=1))
    assert content_of(room, "ada") == content_of(room, "bob") == notebook


# ----------------------------------------------------------------------------------------- times
def test_the_archives_times_become_timestamps_of_nbgrader(room, tmp_path, notebook, monkeypatch):
    files = {"A_1_assignsubmission_file_/tiny.ipynb": notebook,
             "B_2_assignsubmission_file_/tiny.ipynb": notebook}  # fmt: skip
    collect(room, download(tmp_path / "x.zip", files))
    stamp = (room.submitted("a-1", TINY) / "timestamp.txt").read_text().strip()
    expected = datetime(2026, 9, 30, 9, 0).astimezone().timestamp()
    found = datetime.strptime(stamp.replace("UTC", "+0000"), "%Y-%m-%d %H:%M:%S %z")
    assert found.timestamp() == expected


def test_the_time_of_the_download_makes_nobody_late(room, tmp_path, notebook):
    canvas = {"a_1_11_tiny.ipynb": notebook, "b_2_12_tiny.ipynb": notebook}
    collect(room, download(tmp_path / "x.zip", canvas))
    (tmp_path / "in").mkdir()
    for student in ("c", "d"):
        (tmp_path / "in" / f"{student}.zip").write_bytes(zipped({"tiny.ipynb": notebook}))
    collect(room, tmp_path / "in")
    assert not list((room.folder / "submitted").rglob("timestamp.txt"))


# ---------------------------------------------------------------------------------------- roster
CANVAS_GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Tiny (4711),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,5.00,(read only)
"Doe, Jane",12,S12,jdoe,01,,
"Li, Bo",13,S13,bli,01,,
"""
MOODLE_WORKSHEET = """\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 98,Jane Doe,jane@uni.edu,Submitted,,5.00
Participant 99,Bo Li,bo@uni.edu,Submitted,,5.00
"""


@pytest.mark.parametrize(
    ("text", "file", "student"),
    [
        (CANVAS_GRADEBOOK, "doejane_12_345_tiny.ipynb", "jdoe"),
        (MOODLE_WORKSHEET, "Jane D._98_assignsubmission_file_/tiny.ipynb", "jane@uni.edu"),
        ("id;name\nada;Jane Doe\n", "Jane Doe_5_assignsubmission_file_/tiny.ipynb", "ada"),
        ('id,name\nada,"Jane Doe"\n', "doejane_12_345_tiny.ipynb", "ada"),
        ('id,name,moodle_id\nada,"Doe, Jane",5\n', "X_5_assignsubmission_file_tiny.ipynb", "ada"),
        ("First name,Surname,ID number,Email address\nJane,Doe,s1,j@x\n",
         "Jane Doe_5_assignsubmission_file_/tiny.ipynb", "s1"),
        ("id\nada\n", "ada/tiny.ipynb", "ada"),
    ],
)  # fmt: skip
def test_a_roster_gives_the_student_ids(room, tmp_path, notebook, text, file, student):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    roster = read_roster(tmp_path / "roster.csv")
    source = download(
        tmp_path / "x.zip", {file: notebook, "No One_7_assignsubmission_file_x.ipynb": notebook}
    )
    lines = collect(room, source, roster=roster)
    assert placed(lines) == {student: "new"}
    (reason,) = reasons(lines).values()
    assert reason == "No One 7 is not on the roster, or several people are called so"


def test_a_number_of_a_worksheet_counts_only_with_the_name_beside_it(room, tmp_path, notebook):
    (tmp_path / "w.csv").write_text(MOODLE_WORKSHEET, encoding="utf-8")
    roster = read_roster(tmp_path / "w.csv")
    names = ("Jane Marie Doe_98", "Red Team_99")
    files = {f"{name}_assignsubmission_file/tiny.ipynb": notebook for name in names}
    lines = collect(room, download(tmp_path / "x.zip", files), roster=roster)
    assert placed(lines) == {"jane@uni.edu": "new"}
    assert [*reasons(lines).values()] == ["Red Team 99 has the number of Bo Li, but another name"]


def test_people_of_the_same_name_are_not_mixed_up(room, tmp_path, notebook):
    (tmp_path / "r.csv").write_text("id,name\na,Jane Doe\nb,Jane Doe\n")
    source = download(tmp_path / "x.zip", {"Jane Doe_5_assignsubmission_file_x.ipynb": notebook})
    assert placed(collect(room, source, roster=read_roster(tmp_path / "r.csv"))) == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n", "is not a class list"),
        (b"name,email\nAda,a@x\n", "is not a class list.*with a column id"),
        (b"", "is not a class list"),
        (b"\xff\xfe\x00", "is not a CSV file in UTF-8"),
        (b'id\n"open', "is not a CSV file in UTF-8"),
        (b"id\nada\nAda\n", "2 rows have the student id ada"),
    ],
)
def test_a_file_that_is_no_class_list_is_refused_in_words(tmp_path, content, says):
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(GradingError, match=says):
        read_roster(tmp_path / "r.csv")


# ------------------------------------------------------------------- worksheets in any language
WORKSHEETS = {
    "de": """ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung \
kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar
Teilnehmer/in98,Jane Doe,s12,jane@uni.edu,Zur Bewertung abgegeben,,"5,00",Ja,"Mittwoch, 13. Mai",-,
Teilnehmer/in99,Bo Li,s13,bo@uni.edu,Zur Bewertung abgegeben,"4,50","5,00",Ja,-,-,gut
""",
    "fr": """Identifiant;Nom complet;Statut;Note;Note maximale;La note peut être modifiée;\
Dernière modification (travail remis);Dernière modification (note);Feedback par commentaires
Participant 98;Jane Doe;Remis pour évaluation;;5,00;Oui;mercredi 13 mai;-;
Participant 99;Bo Li;Remis pour évaluation;;5,00;Oui;-;-;
""",
    "pt": """Identificador,Nome completo,Endereço de e-mail,Estado,Nota,Nota máxima,Nota alterável
Participante 98,Jane Doe,jane@uni.edu,Enviado,,5.00,Sim
Participante 99,Bo Li,bo@uni.edu,Enviado,,5.00,Sim
""",
    "el": """Αναγνωριστικό,Ονοματεπώνυμο,Όνομα χρήστη,Ηλ. ταχυδρομείο,Κατάσταση,Βαθμός,Μέγιστος
Συμμετέχων 98,Jane Doe,jane,jane@uni.edu,Υποβλήθηκε,,5.00
Συμμετέχων 99,Bo Li,bo,bo@uni.edu,Υποβλήθηκε,-,5.00
""",
    "zh": """标识符,全名,状态,成绩,最高分,成绩可以更改
参与者98,Jane Doe,已提交,,5.00,是
参与者99,Bo Li,已提交,,5.00,是
""",
    "ar": """المعرف,الاسم الكامل,البريد,الحالة,الدرجة,الدرجة العظمى
\u200fمشارك98,Jane Doe,jane@uni.edu,مسلم,,5.00
\u200fمشارك99,Bo Li,bo@uni.edu,مسلم,,5.00
""",
}
IDS = {"de": "s12", "pt": "jane@uni.edu", "el": "jane", "ar": "jane@uni.edu"}


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheet_is_recognized_in_any_language(room, tmp_path, notebook, language):
    (tmp_path / "w.csv").write_text(WORKSHEETS[language], encoding="utf-8")
    roster = read_roster(tmp_path / "w.csv")
    assert roster.kind == "moodle worksheet"
    assert roster.column("maximum grade") == roster.column("grade") + 1
    assert all("5" in row[roster.column("maximum grade")] for row in roster.rows)
    files = {"Jane Doe_98_assignsubmission_file/tiny.ipynb": notebook}
    lines = collect(room, download(tmp_path / "x.zip", files), roster=roster)
    assert placed(lines) == {IDS.get(language, "jane-doe-98"): "new"}


def test_where_grading_is_anonymous_the_number_is_all_that_a_worksheet_has(
    room, tmp_path, notebook
):
    text = "ID,Estado,Nota,Máxima,Puede\nParticipante 98,Enviado,,5.00,Sí\n"
    (tmp_path / "w.csv").write_text(text + text.splitlines()[1].replace("98", "99") + "\n")
    roster = read_roster(tmp_path / "w.csv")
    assert roster.column("full name") is None and roster.column("grade") == 2
    files = {"Participante_98_assignsubmission_file/tiny.ipynb": notebook}
    assert placed(collect(room, download(tmp_path / "x.zip", files), roster=roster)) == {
        "98": "new"
    }


@pytest.mark.parametrize(
    "text",
    [
        "id,name,bonus,points,most\ns1,Ada,x,,5\ns2,Bo,y,,5\n",  # one's own
        "id\nadb1\nadb2\n",
        "id,group\ns1,A\ns2,B\n",
    ],
)
def test_a_list_of_ones_own_is_no_worksheet(tmp_path, text):
    (tmp_path / "r.csv").write_text(text)
    roster = read_roster(tmp_path / "r.csv")
    assert roster.kind == "list" and roster.people[0].id in ("s1", "adb1")


# ------------------------------------------------------------------------------------------ teams
TEAMS = """Identifier,Full name,Email address,Status,Group,Grade,Maximum Grade
Participant 101,Jane Doe,jane@x,Submitted for grading,Team Beta,,5.00
Participant 102,Max Li,max@x,Submitted for grading,Team Alpha,,5.00
Participant 103,Ann Lee,ann@x,Submitted for grading,Team Alpha,,5.00
Participant 104,No Team,no@x,Submitted for grading,Default group,,5.00
"""
GERMAN_TEAMS = TEAMS.replace(
    TEAMS.splitlines()[0], "ID,Vollständiger Name,E-Mail,Status,Gruppe,Bewertung,Bestwertung"
).replace("Default group", "Standardgruppe")


def team_download(path, notebook, nobody="Default group"):
    names = ("Team Alpha_101", "Team Beta_102", nobody)
    return download(
        path,
        {f"{n}_assignsubmission_file/tiny.ipynb": notebook + n.encode() for n in names},
    )


@pytest.mark.parametrize(
    ("text", "nobody"), [(TEAMS, "Default group"), (GERMAN_TEAMS, "Standardgruppe")]
)
def test_what_a_team_hands_in_is_placed_for_its_members(room, tmp_path, notebook, text, nobody):
    (tmp_path / "w.csv").write_text(text)
    source = team_download(tmp_path / "x.zip", notebook, nobody)
    lines = collect(room, source, TINY, read_roster(tmp_path / "w.csv"))
    assert placed(lines) == dict.fromkeys(["jane@x", "max@x", "ann@x", "no@x"], "new")
    assert content_of(room, "jane@x") == notebook + b"Team Beta_102"
    assert content_of(room, "max@x") == content_of(room, "ann@x") == notebook + b"Team Alpha_101"
    assert remembered(room, TINY)["jane@x"].system == "moodle team"


def test_a_team_is_never_placed_for_a_stranger(room, tmp_path, notebook):
    source = team_download(tmp_path / "x.zip", notebook)
    rosters = [(None, "Moodle's grading worksheet")]
    without = "\n".join(
        ",".join(cell for n, cell in enumerate(row.split(",")) if n != 4)
        for row in TEAMS.splitlines()
    )
    for text, says in (
        (without, "has the number of Jane Doe, but another name"),
        ("id,name,moodle_id\nada,Ada,101\n", "Moodle's grading worksheet"),
        (TEAMS.replace("Team ", "Band "), "has the number of Jane Doe, but another name"),
    ):
        (tmp_path / "w.csv").write_text(text)
        rosters.append((read_roster(tmp_path / "w.csv"), says))
    for roster, says in rosters:
        lines = collect(room, source, TINY, roster)
        assert [line for line in lines if line.student and line.student != "no@x"] == []
        alpha = next(line for line in lines if line.file.startswith("Team Alpha"))
        assert says in alpha.note


@pytest.mark.parametrize(
    "names",
    [
        ("Team A_7", "Team A_8"),  # two teams of one name
        ("Team-A_7",),  # which is not quite the name of two
        ("Submitted for grading_7",),
    ],
)
def test_a_team_whose_members_are_not_certain_is_refused(room, tmp_path, notebook, names):
    text = """Identifier,Full name,Email address,Status,Group,Grade,Maximum Grade
Participant 1,Jane Doe,jane@x,Submitted for grading,Team A,,5.00
Participant 2,Max Li,max@x,Submitted for grading,Team A,,5.00
Participant 3,Ann Lee,ann@x,Submitted for grading,Tea MA,,5.00
"""
    (tmp_path / "w.csv").write_text(text)
    source = download(
        tmp_path / "x.zip", {f"{n}_assignsubmission_file/tiny.ipynb": notebook for n in names}
    )
    lines = collect(room, source, TINY, read_roster(tmp_path / "w.csv"))
    assert placed(lines) == {} and all(reasons(lines).values())


# ------------------------------------------------------------------------- who is on no class list
def test_who_is_no_student_or_has_no_id_is_left_out_of_a_list_and_named(tmp_path):
    hashed = "a" * 40
    rows = ["Nobody,,,,01,,", f'"Student, Test",99,,{hashed},01,,', f'"テスト",98,,{hashed},01,,']
    (tmp_path / "r.csv").write_text(CANVAS_GRADEBOOK + "\n".join(rows) + "\n")
    roster = read_roster(tmp_path / "r.csv")
    assert [p.id for p in roster.people] == ["jdoe", "bli"]
    assert roster.notes == (
        "Nobody has no id in the class list: left out.",
        "Student, Test is the test student of Canvas and was left out.",
        "テスト is the test student of Canvas and was left out.",
    )


# --------------------------------------------------------------------------------------- hostile
EVIL = ["../evil.ipynb", "/evil.ipynb", "..\\evil.ipynb", "C:\\evil.ipynb", "a/../../b.ipynb", ""]


@pytest.mark.parametrize("name", EVIL)
def test_a_name_that_leads_out_of_the_archive_is_refused(room, tmp_path, notebook, name):
    lines = collect(room, download(tmp_path / "x.zip", {name: notebook}), TINY)
    assert placed(lines) == {}
    assert not (room.folder / "submitted").exists()


def test_links_and_devices_are_refused(room, tmp_path, notebook):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number, kind in enumerate((0o120777, 0o020666, 0o010644)):
            entry = zipfile.ZipInfo(f"s{number}/tiny.ipynb")
            entry.external_attr = kind << 16
            archive.writestr(entry, "/etc/passwd")
    lines = collect(room, tmp_path / "x.zip", TINY)
    assert list(reasons(lines).values()) == ["is a link, a device or a pipe"] * 3
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "tiny.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "in" / "bob").symlink_to("/etc")
    os.mkfifo(tmp_path / "in" / "ada" / "pipe.ipynb")
    lines = collect(room, tmp_path / "in", TINY)
    assert list(reasons(lines).values()) == ["is a link, a device or a pipe"] * 3


def test_a_student_folder_that_is_a_link_is_not_followed(room, tmp_path, notebook):
    (room.folder / "submitted").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (room.folder / "submitted" / "ada").symlink_to(tmp_path / "elsewhere")
    lines = collect(room, download(tmp_path / "x.zip", {"ada/tiny.ipynb": notebook}))
    assert "is a link" in reasons(lines)["ada/tiny.ipynb"]
    assert not list((tmp_path / "elsewhere").iterdir())


def test_bombs_are_refused_and_the_others_are_placed(room, tmp_path, notebook):
    bomb = zipped({"tiny.ipynb": b"0" * (20 * 2**20)})
    nested = notebook
    for _ in range(4):
        nested = zipped({"in.zip": nested})
    many = zipped({f"{n}.ipynb": b"" for n in range(archives.STUDENTS_ENTRIES + 1)})
    files = {
        "a_1_11_bomb.zip": bomb,
        "b_2_12_nested.zip": nested,
        "c_3_13_many.zip": many,
        "d_4_14_tiny.ipynb": b"0" * (archives.LARGEST + 1),
        "e_5_15_tiny.ipynb": notebook,
    }
    lines = collect(room, download(tmp_path / "x.zip", files))
    assert placed(lines) == {"e-5": "new"}
    assert list(reasons(lines).values()) == [
        "unpacks to more than 200 times its size",
        "is an archive in more than 2 archives",
        "holds more than 2000 files",
        "has more than 50 MB",
    ]


def test_an_archive_of_one_student_cannot_use_up_the_memory(room, tmp_path, notebook, monkeypatch):
    monkeypatch.setattr(archives, "STUDENTS_BYTES", 10 * 2**20)
    noise = random.Random(1).randbytes(3 * 2**20)
    files = {"a_1_11_big.zip": zipped({f"{n}.ipynb": noise for n in range(5)})}
    files["b_2_12_tiny.ipynb"] = notebook
    lines = collect(room, download(tmp_path / "x.zip", files), TINY)
    assert "a_1_11_big.zip" in reasons(lines) and placed(lines)["b-2"] == "new"


def test_a_class_that_is_too_large_stops_in_words(room, tmp_path, notebook, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with pytest.raises(GradingError, match="There is too much in it"):
        collect(room, download(tmp_path / "x.zip", {"a_1_11_tiny.ipynb": notebook}))
    assert not list(room.folder.glob(".collecting-*"))


def test_no_attack_crashes_it_or_writes_outside_the_class(tiny_course, tmp_path):
    assert attack(tiny_course, tmp_path, range(300)) > 20
    kept = {path.name for path in (tmp_path / "outside" / "class").rglob("*.py")}
    assert "helpers.py" in kept and "numpy.py" not in kept


# --------------------------------------------------------------------------------------- command
def test_the_command_says_what_was_not_placed(tiny_course, tmp_path, notebook, monkeypatch):
    monkeypatch.chdir(tiny_course)
    source = download(
        tmp_path / "x.zip", {"li_1_11_tiny.ipynb": notebook, "[red]\x1b[2J_2_3_x.pdf": b""}
    )
    (tmp_path / "class").mkdir()
    room = ["--classroom", str(tmp_path / "class")]
    done = CliRunner().invoke(app, ["collect", str(source), *room], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert "li-1" in done.output and "1 not placed, 1 new" in done.output
    assert "\x1b[2J" not in done.output and "[red]" in done.output
    nothing = download(tmp_path / "y.zip", {"readme.txt": b""})
    done = CliRunner().invoke(app, ["collect", str(nothing), *room])
    assert done.exit_code == 1 and "1 not placed" in done.output
    assert (
        json.loads((Path(room[1]) / "collected" / "tiny.json").read_text())["li-1"]["attempt"] == 11
    )


def test_what_is_remembered_does_not_lie_among_the_submissions(room, tmp_path, notebook):
    collect(room, download(tmp_path / "x.zip", {"li_1_11_tiny.ipynb": notebook}))
    assert remembered(room, TINY)["li-1"].file == "li_1_11_tiny.ipynb"
    assert everything_below(room.folder / "submitted") == [
        "li-1",
        "li-1/tiny",
        "li-1/tiny/tiny.ipynb",
    ]
