"""Names of rosters and downloads come into the gradebook, and none is lost there."""

import pytest
from downloads import download
from tiny import TINY, nbgrader

from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.people import enroll, left, names
from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.names import enter_names
from autograder.grading.incoming.roster import read_roster


def roster_of(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    return read_roster(tmp_path / "roster.csv")


def taken(room, tmp_path, files, roster=None):
    """The names in the gradebook after a download was collected."""
    lines = collect(room, download(tmp_path / "x.zip", files), roster=roster)
    enter_names(room, lines, roster)
    return names(room)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Max Muster_98_assignsubmission_file_/tiny.ipynb", "Max Muster"),
        ("Doe_Jane_jdoe_4711/tiny.ipynb", "Jane Doe"),
        ("doejane_12_345_tiny.ipynb", "doejane"),
        ("5012-7744 - Jane Doe - Sep 30, 2026 915 AM - tiny.ipynb", "Jane Doe"),
    ],
    ids=["Moodle", "ILIAS", "Canvas", "Brightspace"],
)
def test_a_download_that_has_names_brings_them(room, tmp_path, notebook, file, name):
    assert [*taken(room, tmp_path, {file: notebook}).values()] == [name]


def test_a_roster_brings_everyone_on_it(room, tmp_path, notebook):
    roster = roster_of(tmp_path, 'id,name\nada,"Lovelace, Ada"\nben,Ben Carter\n')
    found = taken(room, tmp_path, {"ada/tiny.ipynb": notebook}, roster)
    assert found == {"ben": "Ben Carter", "ada": "Ada Lovelace"}  # in order of last names


def test_a_roster_may_be_the_file_that_nbgrader_imports(room, tmp_path, notebook):
    text = "id,last_name,first_name,email\nada,Lovelace,Ada,a@x\n"
    found = taken(room, tmp_path, {"ada/tiny.ipynb": notebook}, roster_of(tmp_path, text))
    assert found == {"ada": "Ada Lovelace"}


def test_names_that_nbgrader_imported_are_those_of_the_class(own, tmp_path):
    (tmp_path / "class.csv").write_text("id,last_name,first_name\nada,Lovelace,Ada\n")
    nbgrader(own.root, "db", "student", "import", str(tmp_path / "class.csv"))
    assert names(own) == {"ada": "Ada Lovelace"}


def test_a_name_is_not_replaced_by_an_emptier_one(room, tmp_path):
    enroll(room, {}, {"ada": "Ada King Lovelace"})
    enroll(room, {"ada": "lovelaceada"}, {})
    enroll(room, {}, {"ada": "Lovelace"})
    enroll(room, {}, {"ada": ""})
    assert names(room) == {"ada": "Ada King Lovelace"}


def test_a_roster_corrects_a_name_and_a_download_does_not(room):
    enroll(room, {"ada": "Ada Lovelace"}, {})
    enroll(room, {"ada": "Eda Lovelace"}, {})
    assert names(room) == {"ada": "Ada Lovelace"}
    enroll(room, {}, {"ada": "Ada Byron"})
    assert names(room) == {"ada": "Ada Byron"}


def test_the_formgrader_has_both_parts_of_a_name(room):
    enroll(room, {"ada": "Lovelace, Ada", "bo": "bo"}, {})
    with open_gradebook(room) as gradebook:
        found = {s.id: (s.first_name, s.last_name) for s in gradebook.students}
    assert found == {"ada": ("Ada", "Lovelace"), "bo": ("", "bo")}


def test_a_name_loses_what_could_steer_a_terminal(room):
    enroll(room, {"eve": "Eve\x1b[2J \u202eevil\tOne\n"}, {})
    assert names(room) == {"eve": "Eve[2J evil One"}


def test_a_long_name_fits_the_gradebook(room):
    enroll(room, {"eve": f"{'a' * 500} {'b' * 500}"}, {})
    assert names(room) == {"eve": f"{'a' * 128} {'b' * 128}"}


def test_anonymous_grading_names_nobody(room, tmp_path, notebook):
    files = {f"Participant_{n}_assignsubmission_file_/tiny.ipynb": notebook for n in (5, 6)}
    assert taken(room, tmp_path, files) == {}


def test_a_team_is_not_a_name(room, tmp_path, notebook):
    text = """Identifier,Full name,Email address,Status,Group,Grade,Maximum Grade
Participant 98,Max Muster,max@x,Submitted,Red,,5.00
Participant 99,Ann Bo,ann@x,Submitted,Red,,5.00
"""
    files = {"Red_7_assignsubmission_file/tiny.ipynb": notebook}
    found = taken(room, tmp_path, files, roster_of(tmp_path, text))
    assert found == {"ann@x": "Ann Bo", "max@x": "Max Muster"}


def test_who_is_not_on_the_last_roster_has_left(room, tmp_path, notebook):
    still = "id,name\nada,Ada L\ncy,Cy D\n"
    for text in (f"{still}ben,Ben C\n", still):
        taken(room, tmp_path, {"ada/tiny.ipynb": notebook}, roster_of(tmp_path, text))
    assert left(room, names(room)) == ["ben"]


def test_a_worksheet_that_makes_up_ids_says_nothing_about_who_has_left(room, tmp_path, notebook):
    text = """Identifier,Full name,Status,Grade,Maximum Grade
Participant 98,Max Muster,Submitted,,5.00
Participant 99,Ann Bo,Submitted,,5.00
"""
    files = {"Max Muster_98_assignsubmission_file_/tiny.ipynb": notebook}
    assert taken(room, tmp_path, files, roster_of(tmp_path, text)) == {
        "Max-Muster-98".lower(): "Max Muster"
    }
    assert left(room, ["somebody"]) == []


def test_without_names_no_gradebook_is_made(room, tmp_path, notebook):
    assert taken(room, tmp_path, {"ada/tiny.ipynb": notebook}) == {}
    assert not (room.folder / "gradebook.db").exists()
    assert (room.submitted("ada", TINY)).is_dir()
