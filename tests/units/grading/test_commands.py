"""What the instructor's commands say: results on few lines, and a sentence where they refuse."""

import shutil

import nbformat
import pytest
from tiny import NOTEBOOK, TINY, grade_class, hand_in, make_course, solved
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.doctor import Finding
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.people import enroll
from autograder.grading.gradebook.store import back_up


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course with a class of two in classroom/, graded."""
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    room = Classroom(root, root / "classroom")
    released = nbformat.read(room.release_notebook(NOTEBOOK), as_version=4)
    hand_in(room, "ada", solved(released))
    hand_in(room, "ben", solved(released, double="x + 1"))
    enroll(room, {}, {"ada": "Ada [red]Lovelace"})
    grade_class(room)
    return room


@pytest.fixture
def run(graded, monkeypatch):
    """A function that runs a command in the course; its status and what it prints."""
    monkeypatch.chdir(graded.root)

    def command(*arguments):
        done = CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})
        assert "Traceback" not in done.output and not isinstance(done.exception, Exception)
        return done.exit_code, done.output

    return command


# ------------------------------------------------------------------------------------- results
def test_every_command_that_changes_the_page_of_the_class_names_it(graded, run):
    line = f"Class     {graded.folder}/reports/index.html"
    for arguments in (["grade"], ["report", TINY], ["similar", TINY], ["feedback", TINY],
                      ["export"], ["export", "--to", "moodle"]):  # fmt: skip
        status, output = run(*arguments)
        assert (status, output.splitlines()[-1]) == (0, line)


def test_tables_have_names_with_the_ids_beside_them(run):
    status, output = run("grade", TINY)
    row = next(line for line in output.splitlines() if "Ada" in line)
    assert status == 0 and "Ada [red]Lovelace" in row and " ada " in row


def test_feedback_is_written_again_with_the_points_given_by_hand(graded, run):
    before = graded.feedback("ada", NOTEBOOK).stat().st_mtime_ns
    with open_gradebook(graded) as gradebook:
        gradebook.find_grade("test_double", TINY, TINY, "ben").manual_score = 1.5
        gradebook.find_comment("double", TINY, TINY, "ben").manual_comment = "Nearly there."
        gradebook.db.commit()
    status, output = run("feedback", TINY, "--student", "ben")
    assert status == 0 and len(output.splitlines()) == 2
    assert output.startswith(f"Feedback  1 page: {graded.folder}/feedback/STUDENT/")
    assert "Nearly there." in graded.feedback("ben", NOTEBOOK).read_text()
    assert graded.feedback("ada", NOTEBOOK).stat().st_mtime_ns == before
    assert run("feedback", TINY)[1].startswith("Feedback  2 pages: ")
    assert graded.feedback("ada", NOTEBOOK).stat().st_mtime_ns > before


# ------------------------------------------------------------------------------------ refusals
def test_a_classroom_that_is_not_there_is_not_made(graded, run):
    for arguments in (["grade"], ["report", TINY], ["export"], ["doctor"], ["feedback", TINY],
                      ["collect", graded.folder], ["keep", TINY, "--revision", "x"]):  # fmt: skip
        status, output = run(*arguments, "--classroom", "clasroom")
        assert (status, output) == (
            1,
            "✗ There is no folder clasroom. A new class's folder: mkdir clasroom\n",
        )
    assert not (graded.root / "clasroom").exists()


def test_collect_makes_the_class_in_its_usual_place(own, monkeypatch, tmp_path, released):
    monkeypatch.chdir(own.root)
    nbformat.write(released, tmp_path / "tiny.ipynb")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    shutil.move(tmp_path / "tiny.ipynb", tmp_path / "in" / "ada")
    done = CliRunner().invoke(app, ["collect", str(tmp_path / "in")])
    assert done.exit_code == 0 and own.submitted_notebook("ada", NOTEBOOK).is_file()


def test_collect_says_who_is_not_on_the_roster(own, monkeypatch, tmp_path, released):
    monkeypatch.chdir(own.root)
    (tmp_path / "r.csv").write_text("id,name\nada,Ada L\n")
    (tmp_path / "work" / "ada").mkdir(parents=True)
    nbformat.write(released, tmp_path / "work" / "ada" / f"{TINY}.ipynb")
    asked = ["collect", str(tmp_path / "work"), "--roster", str(tmp_path / "r.csv")]
    enroll(Classroom(own.root, own.root / "classroom"), {"zoe": "Zoe Q"}, {})
    output = CliRunner().invoke(app, asked).output
    assert "Not on the roster" in output and output.split("so not listed: ")[1].strip() == "zoe"


def test_an_export_of_nothing_is_refused(graded, run, tmp_path):
    for arguments, says in (
        ([], "Nobody has grades for anything: autograder grade"),
        ([TINY], f"Nobody has grades for {TINY}: autograder grade {TINY}"),
    ):
        status, output = run("export", *arguments, "--classroom", tmp_path)
        assert (status, output) == (1, f"✗ {says}\n")
    assert [*tmp_path.iterdir()] == []


def test_feedback_on_nothing_is_refused(run, tmp_path):
    assert run("feedback", TINY, "--student", "zoe")[0] == 1
    status, output = run("feedback", TINY, "--classroom", tmp_path)
    assert (status, output) == (
        1,
        f"✗ Nothing of {TINY} is graded of anyone. First: autograder grade {TINY}\n",
    )


def test_a_file_where_a_folder_belongs_is_named(graded, run):
    for folder in ("reports", "backups"):
        shutil.rmtree(graded.folder / folder, ignore_errors=True)
        (graded.folder / folder).write_text("in the way")
    try:
        says = f"✗ {graded.folder}/reports is a file where a folder belongs: move it away.\n"
        assert run("report", TINY) == (1, says)
        assert run("export") == (1, says)
        status, output = run("grade", TINY, "--force")
        assert status == 1 and output.splitlines()[-1] == says.strip().replace("report", "backup")
    finally:
        for folder in ("reports", "backups"):
            (graded.folder / folder).unlink()


def test_a_file_in_place_of_the_feedback_is_named_before_anyone_is_graded(
    own, monkeypatch, released
):
    hand_in(own, "ada", released)
    (own.folder / "feedback").write_text("in the way")
    monkeypatch.chdir(own.root)
    done = CliRunner().invoke(app, ["grade", TINY, "--classroom", str(own.folder)])
    says = f"✗ {own.folder}/feedback is a file where a folder belongs: move it away.\n"
    assert (done.exit_code, done.output) == (1, says)
    assert not (own.folder / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("c.Examiner = (", "SyntaxError: '(' was never closed"),
        ("c.Examiner.seconds = sec", "NameError: name 'sec' is not defined"),
    ],
)
def test_an_error_in_the_configuration_has_its_line(own, monkeypatch, more, says):
    config = own.root / "nbgrader_config.py"
    line = config.read_text().count("\n") + 2
    config.write_text(f"{config.read_text()}\n{more}\n")
    monkeypatch.chdir(own.root)
    for command in ("grade", "feedback"):
        done = CliRunner().invoke(app, [command, TINY])
        assert (done.exit_code, done.output) == (1, f"✗ {config}, line {line}: {says}\n")


def test_what_cannot_be_written_is_named(graded, run, monkeypatch):
    def refuse(self, content):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    status, output = run("report", TINY)
    where = graded.folder / "reports" / f"{TINY}.json.part"
    assert (status, output) == (1, f"✗ {where}: Permission denied.\n")


@pytest.mark.parametrize("typed", ["tin", "tinny", "Tiny"])
def test_an_assignment_of_another_name_is_guessed(run, typed):
    for command in ("grade", "report", "similar", "feedback", "export", "doctor"):
        status, output = run(command, typed)
        says = f"✗ There is no assignment {typed}. Did you mean {TINY}? There is: {TINY}."
        assert (status, output.splitlines()[-1]) == (1, says), command


def test_an_assignment_is_guessed_by_its_number_or_its_title(tmp_path):
    for name in ("01-zero-insertion", "02-conv2dtranspose"):
        (tmp_path / "solutions" / name).mkdir(parents=True)
        (tmp_path / "solutions" / name / f"{name}.ipynb").touch()
    room = Classroom(tmp_path, tmp_path / "classroom")
    for typed in ("02", "conv2dtranspose", "2-conv2dtranspose", "02-conv2dtranpose"):
        with pytest.raises(GradingError, match=r"Did you mean 02-conv2dtranspose\?"):
            room.instructor_notebook(type(NOTEBOOK)(typed))
    with pytest.raises(GradingError, match=r"no assignment essay\. There is: 01"):
        room.instructor_notebook(type(NOTEBOOK)("essay"))


def test_a_revision_that_git_does_not_know_is_named(graded, run):
    says = f"✗ There is no revision nope in {graded.root}: see `git tag`.\n"
    assert run("keep", TINY, "--revision", "nope") == (1, says)


def test_a_back_up_goes_where_a_folder_is(graded):
    back_up(graded)
    assert (graded.folder / "backups").is_dir()


# -------------------------------------------------------------------------------------- doctor
@pytest.mark.parametrize(
    ("state", "status", "last"),
    [("ok", 0, "Grading works here."), ("broken", 1, "Grading does not work here until")],
)
def test_doctor_ends_with_a_verdict(run, monkeypatch, state, status, last):
    found = [Finding("ok", "Python", "3.12.1"), Finding(state, "sandbox", "as found")]
    monkeypatch.setattr("autograder.grading.doctor.findings", lambda place: iter(found))
    ended, output = run("doctor")
    assert ended == status
    assert output.splitlines()[0] == "✓ Python: 3.12.1"
    assert output.splitlines()[-1].startswith(last)
