"""Grades and feedback go to Canvas, Moodle and Gradescope in the form in which they take them."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from downloads import download, zipped
from tiny import NOTEBOOK, ROOT, TINY, change, grade_class, mend, solved
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.incoming.collect import collect
from autograder.grading.incoming.roster import read_roster
from autograder.grading.outgoing.canvas import export_canvas
from autograder.grading.outgoing.grades import graded_assignments, write_csv
from autograder.grading.outgoing.gradescope.export import export_gradescope
from autograder.grading.outgoing.moodle import export_moodle
from autograder.grading.outgoing.tables import export_csv

LATE = "li-13"


@pytest.fixture(scope="module")
def room(tiny_course, tmp_path_factory):
    """A class collected from Canvas and Moodle, and graded; one of it is late."""
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    downloads = tmp_path_factory.mktemp("downloads")
    released = nbformat.read(tiny_course / "notebooks" / TINY / f"{TINY}.ipynb", as_version=4)
    right = nbformat.writes(solved(released)).encode()
    wrong = nbformat.writes(solved(released, double="x + 1")).encode()
    canvas = {
        "doejane_12_345_tiny.ipynb": right,
        "li_LATE_13_346_tiny-1.ipynb": wrong,
        "roe_14_347_hw.zip": zipped({"tiny.ipynb": right}),
        "broken_15_348_tiny.ipynb": b"my homework",
    }
    moodle = {
        "Max Muster_98_assignsubmission_file_/tiny.ipynb": right,
        "Ann_99_assignsubmission_file_tiny.ipynb": wrong,
    }
    collect(room, download(downloads / "canvas.zip", canvas))
    collect(room, download(downloads / "moodle.zip", moodle))
    grade_class(room)
    with open_gradebook(room) as gradebook:
        notebook = gradebook.find_submission_notebook(TINY, TINY, LATE)
        notebook.late_submission_penalty = 0.5
        gradebook.db.commit()
    return room


def table(path):
    return list(csv.reader(path.open(encoding="utf-8", newline="")))


def files_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def roster_of(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    return read_roster(tmp_path / "roster.csv")


# ----------------------------------------------------------------------------------------- csv
def rows_of(path):
    """The rows of a table by student id."""
    return {row["id"]: row for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))}


def test_the_table_has_a_row_for_each_student_and_the_final_score(room):
    rows = rows_of(export_csv(room, [TINY]).files[0])
    assert rows[LATE] == {
        "id": LATE, "name": "", TINY: "1.5", f"{TINY} status": "graded", "total": "1.5",
    }  # fmt: skip
    assert rows["doejane-12"][TINY] == "5.0"


def test_what_cannot_be_graded_is_not_a_0_for_wrong_answers(room):
    grades, exercises = (rows_of(path)["broken-15"] for path in export_csv(room, [TINY]).files)
    assert (grades[TINY], grades[f"{TINY} status"]) == ("", "not gradable")
    assert (exercises["points"], exercises["double"]) == ("", "")


def test_other_systems_get_no_0_for_what_cannot_be_graded_but_a_note(room, tmp_path):
    note = f"{TINY}: not gradable, so the grade is empty: broken-15"
    worksheet = WORKSHEET + "Participant 15,Broken,broken-15,x,,100.00,Yes,-,-,\n"
    for exported in (
        export_canvas(room, [TINY], None, None),
        export_moodle(room, [TINY], None),
        export_moodle(room, [TINY], roster_of(tmp_path, worksheet)),
    ):
        (row,) = (row for row in table(exported.files[0]) if any("roken" in c for c in row))
        assert not {"0", "0.0"} & {*row}
        assert note in exported.notes
    _, feedback = export_canvas(room, [TINY], None, None).files
    notebook = json.loads(files_of(feedback)["broken_15_348_tiny.ipynb"])
    assert "".join(notebook["cells"][0]["source"]).startswith("**Not gradable**")


def test_the_other_table_has_the_exercises(room):
    late = rows_of(export_csv(room, [TINY]).files[1])[LATE]
    found = [late[title] for title in ("points", "of", "late penalty", "double", "half")]
    assert found == ["1.5", "5.0", "0.5", "0.0", "2.0"]


def test_a_spreadsheet_knows_that_the_tables_are_utf_8(room):
    assert all(p.read_bytes().startswith(b"\xef\xbb\xbf") for p in export_csv(room, [TINY]).files)


def test_no_file_can_start_a_formula(room):
    path = write_csv(room, "x.csv", [["a", "b", "c"], ["=1+1", "@x", "-"], ["\t=1", "+1", "-1"]])
    assert table(path) == [["a", "b", "c"], ["'=1+1", "'@x", "-"], ["'\t=1", "'+1", "'-1"]]


# -------------------------------------------------------------------------------------- canvas
GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Essay (1),TINY (4711),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,10,5.00,(read only)
"Doe, Jane",12,S12,jdoe,01,7,,
"Li, Bo",13,S13,bli,01,8,,
"Not, Submitted",77,S77,none,01,,,
"""


def canvas_takes(rows):
    """What Canvas reads from a gradebook file, by the rules of its importer."""
    header, *rest = rows
    assert "Student" in header[0] and "ID" in header[1] and len(header) > 3
    last = 5 if header[2:4] == ["SIS User ID", "SIS Login ID"] else 3
    assert "Section" in header[last - 1]
    found = {}
    for row in rest:
        if "Points Possible" in row[0]:
            found["possible"] = dict(zip(header[last:], row[last:], strict=True))
        else:
            found[row[1] or row[3]] = dict(zip(header[last:], row[last:], strict=True))
    return found


def test_canvas_finds_students_by_the_ids_of_its_download(room):
    taken = canvas_takes(table(export_canvas(room, [TINY], None, None).files[0]))
    assert taken == {
        "possible": {TINY: "5"},
        "12": {TINY: "5"},
        "13": {TINY: "1.5"},
        "14": {TINY: "5"},
        "15": {TINY: ""},
        "max-muster-98": {TINY: "5"},
        "ann-99": {TINY: "2"},
    }


def test_canvas_gets_its_own_gradebook_back_with_the_one_column_filled_in(room, tmp_path):
    roster = roster_of(tmp_path, GRADEBOOK)
    exported = export_canvas(room, [TINY], roster, None)
    assert canvas_takes(table(exported.files[0])) == {
        "possible": {"TINY (4711)": "5.00"},
        "12": {"TINY (4711)": "5"},
        "13": {"TINY (4711)": "1.5"},
    }
    assert "roe-14 is not in the gradebook from Canvas and was left out." in exported.notes


def test_a_column_is_named_where_its_title_is_another(room, tmp_path):
    roster = roster_of(tmp_path, GRADEBOOK)
    exported = export_canvas(room, [TINY], roster, "Essay (1)")
    assert canvas_takes(table(exported.files[0]))["12"] == {"Essay (1)": "5"}
    assert "Essay (1) has 10 points in Canvas and 5 here." in exported.notes


def test_canvas_feedback_bears_the_names_of_the_download_and_hides_the_tests(room):
    exported = export_canvas(room, [TINY], None, None)
    found = files_of(exported.files[1])
    assert sorted(found) == [
        "broken_15_348_tiny.ipynb",
        "doejane_12_345_tiny.ipynb",
        "li_LATE_13_346_tiny-1.ipynb",
        "roe_14_347_hw.zip",
    ]
    notebook = nbformat.reads(found["li_LATE_13_346_tiny-1.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    assert "**1.5 of 5 points**" in notebook.cells[0].source
    assert "handed in late: -0.5" in notebook.cells[0].source
    text = nbformat.writes(notebook)
    assert "hidden: double" in text and "double(3)" not in text and "BEGIN HIDDEN" not in text
    with zipfile.ZipFile(io.BytesIO(found["roe_14_347_hw.zip"])) as inner:
        assert inner.namelist() == [f"{TINY}.ipynb"]
    assert any("2 not collected from Canvas" in note for note in exported.notes)


# -------------------------------------------------------------------------------------- moodle
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,\
Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 98,Max Muster,max@x,Submitted for grading,,100.00,Yes,"Monday, 1 June 2026",-,
Participant 99,Ann,ann@x,Submitted for grading,,100.00,Yes,"Monday, 1 June 2026",-,=1
Participant 7,Eva Other,eva@x,No submission,,100.00,Yes,-,-,
"""


def test_moodles_worksheet_comes_back_with_the_grades_filled_in(room, tmp_path):
    roster = roster_of(tmp_path, WORKSHEET)
    exported = export_moodle(room, [TINY], roster)
    before = list(csv.reader(io.StringIO(WORKSHEET)))
    after = table(exported.files[0])
    assert after[0] == before[0]
    assert [row[4] for row in after[1:]] == ["5", "2", ""]
    assert [row[:4] + row[5:9] for row in after] == [row[:4] + row[5:9] for row in before]
    assert after[2][9] == "'=1"
    assert "The maximum grade is 100.00 in Moodle and 5 here." in exported.notes
    assert "roe-14 is not in the worksheet and was left out." in exported.notes


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_worksheet_goes_back_in_the_form_in_which_it_came(room, tmp_path, separator, end, mark):
    german = ["ID", "Vollständiger Name", "E-Mail", "Status", "Bewertung", "Bestwertung", "Datum"]
    who = [("98", "Max Muster", "max@x"), ("99", "Ann", "ann@x")]
    rows = [german, *([f"Teilnehmer{n}", w, m, "Abgegeben", "{}", "5 00", "-"] for n, w, m in who)]
    text = end.join(separator.join(row) for row in rows) + end
    text = text.replace("5 00", "5,00" if separator != "," else "5.00")
    (tmp_path / "w.csv").write_bytes(mark + text.replace("{}", "").encode())
    written = export_moodle(room, [TINY], read_roster(tmp_path / "w.csv")).files[0].read_bytes()
    assert written == mark + text.format("5", "2").encode()


def test_a_canvas_gradebook_goes_back_in_the_form_in_which_it_came(room, tmp_path):
    text = GRADEBOOK.replace(",", ";").replace("Doe; Jane", "Doe, Jane").replace("5.00", "5,00")
    hashed = f"{text}Student, Test;66;;{'b' * 40};01;;;\n"
    (tmp_path / "g.csv").write_bytes(b"\xef\xbb\xbf" + hashed.encode())
    exported = export_canvas(room, [TINY], read_roster(tmp_path / "g.csv"), None)
    written = exported.files[0].read_bytes()
    assert written.startswith(b"\xef\xbb\xbfStudent;ID;") and b"\r" not in written
    assert b"Doe, Jane;12;S12;jdoe;01;5\n" in written
    assert "Student, Test is the test student of Canvas and was left out." in exported.notes
    assert not any("points in Canvas" in note for note in exported.notes)


def test_grades_have_a_comma_where_the_worksheet_has_one(room, tmp_path):
    text = f"""ID;Nom complet;Login;Statut;Note;Note maximale
Participant 13;Bo Li;{LATE};Remis;;"5,00"
Participant 98;Max Muster;max-muster-98;Remis;;"5,00"
"""
    roster = roster_of(tmp_path, text)
    written = export_moodle(room, [TINY], roster).files[0].read_text()
    assert f"{LATE};Remis;1,5;5,00" in written and "max-muster-98;Remis;5;5,00" in written


def test_a_teams_feedback_goes_to_each_member_and_to_no_stranger(room, tmp_path, released):
    teams = Classroom(room.root, tmp_path / "teams")
    sheet = WORKSHEET.replace("Status,", "Status,Group,").replace("grading,,", "grading,Red,,")
    sheet = sheet.replace("No submission,,", "No submission,Blue,,")
    roster = roster_of(tmp_path, sheet)
    work = nbformat.writes(solved(released)).encode()
    files = {"Red_7_assignsubmission_file/tiny.ipynb": work}
    collect(teams, download(tmp_path / "m.zip", files), roster=roster)
    grade_class(teams)
    exported = export_moodle(teams, [TINY], roster)
    assert [row[5] for row in table(exported.files[0])[1:]] == ["5", "5", ""]
    assert sorted(files_of(exported.files[1])) == [
        "Ann_99_assignsubmission_file_/tiny.html",
        "Max Muster_98_assignsubmission_file_/tiny.html",
    ]


def test_without_a_worksheet_moodle_imports_by_id_number_or_email(room):
    header, *rows = table(export_moodle(room, [TINY], None).files[0])
    assert header == ["ID number", "Email address", TINY]
    assert ["ann-99", "", "2"] in rows


def test_moodle_finds_the_student_of_each_feedback_page(room):
    found = files_of(export_moodle(room, [TINY], None).files[1])
    numbers = {}
    for path in found:
        folder, name = path.split("/")
        info = folder.split("_", 4)  # as Moodle's importer takes it apart
        assert len(info) >= 4 and info[2:4] == ["assignsubmission", "file"]
        numbers[info[1]] = name
    assert numbers == {"98": "tiny.html", "99": "tiny.html"}
    page = found["Max Muster_98_assignsubmission_file_/tiny.html"]
    assert page == room.feedback("max-muster-98", NOTEBOOK).read_bytes()


def test_an_export_that_cannot_be_says_why(room, tmp_path):
    canvas, moodle = roster_of(tmp_path, GRADEBOOK), None
    with pytest.raises(GradingError, match="not a grading worksheet"):
        export_moodle(room, [TINY], canvas)
    moodle = roster_of(tmp_path, WORKSHEET)
    with pytest.raises(GradingError, match="not a gradebook exported from Canvas"):
        export_canvas(room, [TINY], moodle, None)
    moodle = roster_of(tmp_path, WORKSHEET.replace(",Grade,", ",Points,"))
    with pytest.raises(GradingError, match="not a grading worksheet"):
        export_moodle(room, [TINY], moodle)
    empty = Classroom(room.root, tmp_path / "empty")
    with pytest.raises(GradingError, match=f"Nobody has grades for {TINY}"):
        export_canvas(empty, [TINY], None, None)
    with pytest.raises(GradingError, match="Nobody has grades for anything"):
        graded_assignments(empty)
    with pytest.raises(GradingError, match="no assignment gone"):
        export_moodle(room, ["gone"], None)


def test_without_a_name_the_command_writes_what_is_graded_for_each_system(room, monkeypatch):
    monkeypatch.chdir(room.root)
    for system, name in [("csv", "grades.csv"), ("canvas", "canvas-grades.csv"),
                         ("moodle", "moodle-grades.csv")]:  # fmt: skip
        (room.folder / "reports" / name).unlink(missing_ok=True)
        arguments = ["export", "--to", system, "--classroom", str(room.folder)]
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
        assert (room.folder / "reports" / name).is_file()


# ---------------------------------------------------------------------------------- gradescope
def check_results(found):
    """The rules of Gradescope's specification that concern us."""
    assert isinstance(found["score"], int | float)
    assert isinstance(found["output"], str)
    for test in found.get("tests", []):
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in ("visible", "after_due_date", "after_published", "hidden")
        assert test["output_format"] in ("text", "html", "simple_format", "md", "ansi")
        assert isinstance(test["name"], str) and isinstance(test["output"], str)
    return found


@pytest.fixture(scope="module")
def gradescope(room):
    autograder, folder = export_gradescope(room, [TINY], "after_due_date").files
    return autograder, {p.stem: check_results(json.loads(p.read_text())) for p in folder.iterdir()}


def test_gradescope_gets_each_exercise_as_a_test_case(gradescope):
    late = gradescope[1][LATE]
    assert late["score"] == 1.5 and "0.5 points are taken off" in late["output"]
    tests = {test["name"]: test for test in late["tests"]}
    assert (tests["double"]["score"], tests["double"]["status"]) == (0, "failed")
    assert tests["double"]["output"] == "✗ double: not right yet.\n  hidden: double"
    assert (tests["half"]["score"], tests["half"]["status"]) == (2, "passed")
    assert tests["half"]["output"] == "" and tests["half"]["visibility"] == "after_due_date"
    assert gradescope[1]["broken-15"]["score"] == 0
    assert gradescope[1]["broken-15"]["output"].startswith("It could not be graded.")


def test_the_autograder_holds_the_sentences_of_the_checks(gradescope):
    assert "package/autograder/lab/checks/shared.toml" in files_of(gradescope[0])


@pytest.fixture(scope="module")
def container(gradescope, tmp_path_factory):
    """A folder laid out as Gradescope's container is."""
    root = tmp_path_factory.mktemp("autograder")
    for name, content in files_of(gradescope[0]).items():
        (root / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "source" / name).write_bytes(content)
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    metadata = {"users": [{"email": "ada@uni.edu", "name": "Ada"}], "created_at": "2026-09-30"}
    (root / "submission_metadata.json").write_text(json.dumps(metadata))
    return root


def grade_there(root, files):
    shutil.rmtree(root / "submission", ignore_errors=True)
    shutil.rmtree(root / "results", ignore_errors=True)
    for name, content in files.items():
        path = root / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    environment = {
        "PATH": os.environ["PATH"],
        "AUTOGRADER_ROOT": str(root),
        "AUTOGRADER_PYTHON": sys.executable,
        "AUTOGRADER_USER": "",
        "PYTHONPATH": str(root / "source" / "package"),
    }
    done = subprocess.run([root / "run_autograder"], cwd=root, env=environment, timeout=600,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return check_results(json.loads((root / "results" / "results.json").read_text()))


@pytest.mark.slow
def test_the_autograder_grades_in_gradescopes_folders(container, released):
    answers = {"double": "x + 1", "half": "__import__('helpers').halve(x)"}
    wrong = nbformat.writes(solved(released, **answers)).encode()
    beside = {"helpers.py": b"def halve(x):\n    return x / 2\n", "weights.npz": b"PK\xff"}
    found = grade_there(container, {"my homework.ipynb": wrong, **beside})
    assert found["output"] == "not used beside the notebook: `weights.npz` (not text in UTF-8)"
    assert found["score"] == 2 and found["execution_time"] >= 0
    assert {t["name"]: t["output"] for t in found["tests"]} == {
        "double": "✗ double: not right yet.\n  hidden: double",
        "half": "",
    }


def test_the_pre_flight_was_when_the_autograder_was_made(container, released, monkeypatch):
    there = container / "only-this"
    there.write_text(
        f"#!{sys.executable}\nimport sys\nfrom autograder.grading.submission import preflight\n"
        "preflight._examine = None\n"
        "from autograder.grading.outgoing.gradescope.container import main\nmain()\n"
    )
    there.chmod(0o755)
    run = (container / "run_autograder").read_text()
    module = "-m autograder.grading.outgoing.gradescope.container"
    assert module in run
    (container / "run_autograder").write_text(run.replace(module, str(there)))
    try:
        found = grade_there(container, {f"{TINY}.ipynb": nbformat.writes(released).encode()})
    finally:
        (container / "run_autograder").write_text(run)
    assert [test["score"] for test in found["tests"]] == [0, 0]


def test_no_autograder_is_made_of_a_reference_that_loses_points(own):
    change(own, mend("half", "return x / 2", "return x"))
    with pytest.raises(GradingError, match="earns 0 of 2 points in `test_half`"):
        export_gradescope(own, [TINY], "visible")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"tiny.ipynb": b"my homework"}, "It could not be graded. tiny.ipynb is not a notebook"),
        ({"essay.pdf": b"%PDF"}, "Hand in tiny.ipynb. There was: essay.pdf is not a notebook."),
    ],
)
def test_a_broken_submission_gets_a_message_not_a_crash(container, files, says):
    found = grade_there(container, files)
    assert found["score"] == 0 and says in found["output"]


def test_results_are_there_even_if_the_autograder_cannot_start(container):
    environment = {
        "PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(container),
        "AUTOGRADER_PYTHON": "/bin/false",
    }  # fmt: skip
    subprocess.run([container / "run_autograder"], env=environment, check=False)
    found = check_results(json.loads((container / "results" / "results.json").read_text()))
    assert found == {
        "score": 0, "output": "The autograder did not finish. Tell your instructor.",
    }  # fmt: skip


def test_the_autograder_holds_what_setup_needs_and_no_student(container, room):
    source = container / "source"
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", source / script], check=True)
    pinned = {path.name: path.read_text() for path in (source / "requirements").iterdir()}
    assert "-r student.txt" in pinned["grading.txt"] and "nbgrader==" in pinned["grading.txt"]
    assert "tensorflow==" in pinned["student.txt"] and "pytest" not in "".join(pinned.values())
    for name in ("pyproject.toml", "README.md", "autograder/cli.py", "data/fashion-mnist.npz"):
        assert (source / "package" / name).read_bytes() == (ROOT / name).read_bytes()
    names = [path.relative_to(source).as_posix() for path in source.rglob("*")]
    assert not [name for name in names if re.search("secret|gradebook.db|submitted", name)]
    assert not [Path(n) for n in names if n.startswith("package/") and "/tests/" in n]
