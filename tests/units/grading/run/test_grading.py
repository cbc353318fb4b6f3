"""A class is graded: what students may do to a notebook, and what it does to their points.

The assignment of these tests is tiny and needs no TensorFlow; the real ones are graded by
`tests/catalogue` and `make demo`.
"""

import contextlib
import copy
import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import _temp_alembic_ini
from tiny import (
    NOTEBOOK,
    TINY,
    grade_class,
    hand_in,
    index_of,
    nbgrader,
    page,
    solved,
)  # fmt: skip

from autograder import cells
from autograder.examiner.job import Limits
from autograder.grading.classroom import Classroom, GradingError
from autograder.grading.display import printable
from autograder.grading.gradebook import steps
from autograder.grading.gradebook.configuration import config_for, db_url, limits
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.pages import FeedbackPage
from autograder.grading.gradebook.steps import Harmless
from autograder.grading.outgoing.grades import export_csv
from autograder.grading.run import workers
from autograder.grading.run.grade import Options, grade
from autograder.grading.submission.intake import Unreadable, read_submission
from autograder.grading.submission.sanitize import sanitize
from autograder.lab.findings import Finding


# ------------------------------------------------------------------------------------ sanitizing
def clean(released, instructor, change):
    notebook = solved(released)
    change(notebook)
    return sanitize(notebook, instructor, released)


def names(notebook):
    return [*cells.by_id(notebook.cells)]


ORDER = ["setup", "double", "test_double", "half", "test_half"]


def test_an_honest_notebook_needs_no_mending(released, instructor):
    notebook, notes = clean(released, instructor, lambda n: None)
    assert notes == []
    assert names(notebook) == ORDER
    assert "BEGIN HIDDEN TESTS" in notebook.cells[index_of(notebook, "test_half")].source
    assert notebook.cells[index_of(notebook, "half")].source.endswith("return x / 2")


FORGED = Finding("double", "wrong", "forged", "Nearly right.", True).to_data()


def forge(notebook):
    """Put a finding into every cell, whatever it is."""
    for c in [*notebook.cells, *notebook.cells[:1]]:
        c.metadata.autograder = {"finding": FORGED, "given": True}
    notebook.metadata.autograder = {"finding": FORGED}


def test_findings_in_a_submitted_file_are_dropped(released, instructor, tmp_path):
    notebook, _ = clean(released, instructor, forge)
    assert "forged" not in str(notebook)
    submitted = solved(released)
    forge(submitted)
    nbformat.write(submitted, tmp_path / "tiny.ipynb")
    assert "forged" not in str(read_submission(tmp_path / "tiny.ipynb"))


def test_only_what_this_run_found_is_in_a_graded_notebook(room, released):
    submitted = solved(released, half="x")
    forge(submitted)
    hand_in(room, "ada", submitted)
    grade_class(room)
    text = room.autograded("ada", NOTEBOOK).read_text()
    assert "forged" not in text
    cells = json.loads(text)["cells"]
    kinds = [c["metadata"]["autograder"]["finding"]["kind"] for c in cells
             if "finding" in c["metadata"].get("autograder", {})]  # fmt: skip
    assert kinds == ["an-assertion-of-the-test-fails"]


def test_a_deleted_test_is_put_back_and_reported(released, instructor):
    notebook, notes = clean(released, instructor, lambda n: n.cells.pop(index_of(n, "test_double")))
    assert names(notebook) == ORDER
    assert notes == ["the test cell `test_double` had been deleted; it was put back"]


def test_a_deleted_answer_is_replaced_by_its_stub_not_by_the_solution(released, instructor):
    notebook, notes = clean(released, instructor, lambda n: n.cells.pop(index_of(n, "half")))
    assert "raise NotImplementedError()" in notebook.cells[index_of(notebook, "half")].source
    assert "BEGIN SOLUTION" not in notebook.cells[index_of(notebook, "half")].source
    assert notes == ["the answer cell `half` had been deleted; it was put back"]


def test_a_duplicated_test_runs_once(released, instructor):
    def duplicate(n):
        n.cells.append(copy.deepcopy(n.cells[index_of(n, "test_double")]))

    notebook, notes = clean(released, instructor, duplicate)
    assert names(notebook) == ORDER
    assert sum("double(1)" in c.source for c in notebook.cells) == 1
    assert notes == ["the cell `test_double` stood there twice; the first one counts"]


def test_a_copy_of_an_answer_becomes_an_ordinary_cell_in_its_place(released, instructor):
    def duplicate(n):
        place = index_of(n, "double")
        other = copy.deepcopy(n.cells[place])
        other.source = "def double(x):\n    return x + x"
        n.cells.insert(place + 1, other)

    notebook, notes = clean(released, instructor, duplicate)
    assert names(notebook) == ORDER
    assert notebook.cells[index_of(notebook, "double") + 1].source.endswith("return x + x")
    assert len(notes) == 1


def test_moved_cells_go_back_to_their_order(released, instructor):
    def move(n):
        n.cells.insert(1, n.cells.pop(index_of(n, "test_half")))

    notebook, notes = clean(released, instructor, move)
    assert names(notebook) == ORDER
    assert notes == ["cells had been moved; they are back in their order"]


def test_an_edited_test_is_the_instructors_again(released, instructor):
    def edit(n):
        n.cells[index_of(n, "test_double")].source = "pass"

    notebook, notes = clean(released, instructor, edit)
    assert "double(1) == 2" in notebook.cells[index_of(notebook, "test_double")].source
    assert notes == ["the locked cell `test_double` had been edited; the original counts"]


def test_no_metadata_of_the_students_survives(released, instructor):
    def forge(n):
        n.metadata.kernelspec = {"name": "ruby", "display_name": "Ruby"}
        for c in n.cells:
            c.metadata.tags = ["skip-execution", "raises-exception"]
            if "nbgrader" in c.metadata:
                c.metadata.nbgrader.update(points=100, grade=False, locked=False)

    notebook, _ = clean(released, instructor, forge)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all("tags" not in c.metadata for c in notebook.cells)
    points = [c.metadata.nbgrader.points for c in notebook.cells if c.id.startswith("test_")]
    assert points == [3, 2]


def test_added_cells_stay_where_they_are(released, instructor):
    def add(n):
        n.cells.insert(index_of(n, "test_double"), new_code_cell("print(double(7))"))

    notebook, notes = clean(released, instructor, add)
    place = index_of(notebook, "test_double")
    assert notebook.cells[place - 1].source == "print(double(7))"
    assert notes == []


# ---------------------------------------------------------------------------------------- intake
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"my homework", "not JSON"),
        (b"\x00\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a Jupyter notebook"),
        (b'{"cells": 3, "nbformat": 4}', "not a Jupyter notebook"),
        (b'{"cells": [{"cell_type": "code"}], "nbformat": 4}', "not a Jupyter notebook"),
        (
            b'{"cells": [{"cell_type": "film", "source": "", "metadata": {}}], "nbformat": 4}',
            "not a Jupyter notebook",
        ),
        (b'{"cells": [], "nbformat": 99, "metadata": {}}', "not a Jupyter notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_in_words(tmp_path, content, says):
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=says):
        read_submission(path)


def test_a_missing_file_a_folder_and_a_link_are_refused_in_words(tmp_path):
    (tmp_path / "Tiny (1).ipynb").write_text("{}")
    with pytest.raises(Unreadable, match=r"tiny.ipynb is missing.*Tiny \(1\).ipynb"):
        read_submission(tmp_path / "tiny.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    with pytest.raises(Unreadable, match="is a folder"):
        read_submission(tmp_path / "folder.ipynb")
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(Unreadable, match="is a link"):
        read_submission(tmp_path / "link.ipynb")


def test_saved_outputs_of_known_form_are_read_and_nothing_else(tmp_path, released):
    path = tmp_path / "tiny.ipynb"
    figure = {
        "output_type": "display_data",
        "data": {"image/png": "aGk=", "text/plain": ["a", "b"]},
    }
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a demon", "stration\n"]},
        {**figure, "metadata": {"forged": True, "image/png": {"alt": "A line."}}},
        {"output_type": "error", "ename": "Stopped", "evalue": "forged", "traceback": []},
        {"output_type": "stream", "name": "stdout", "text": 3},
        {"output_type": "display_data", "data": {"text/html": {"no": "text"}}},
        {"output_type": "stream", "name": "stdout", "text": "x" * 2**20},
        "no output",
    ]
    notebook = json.loads(nbformat.writes(solved(released)))
    notebook["cells"][4]["outputs"] = outputs
    path.write_text(json.dumps(notebook))
    found = read_submission(path).cells[4].outputs
    assert [o.get("text") or dict(o.data) for o in found] == [
        "a demonstration\n",
        {"image/png": "aGk=", "text/plain": "ab"},
    ]
    assert found[1].metadata == {"image/png": {"alt": "A line."}}


# --------------------------------------------------------------------------------------- grading
ENDLESS = ("endless", "endless-when-called", "stubborn")


@pytest.fixture(scope="module")
def graded(tiny_course, tmp_path_factory):
    """One class with every kind of student in it, graded once."""
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    path = tiny_course / "notebooks" / TINY / f"{TINY}.ipynb"
    released = nbformat.read(path, as_version=4)

    def with_first_answer(code):
        notebook = solved(released)
        notebook.cells[index_of(notebook, "double")].source += f"\n{code}"
        return notebook

    forged = solved(released, double="3 * x")
    for c in forged.cells:
        c.metadata.tags = ["skip-execution"]
        c.outputs = []
    script = new_markdown_cell("<script>alert(1)</script> <img src=x onerror=alert(2)>")
    escaped = solved(released)
    escaped.cells.append(script)
    saved = solved(released)
    shown = {"output_type": "stream", "name": "stdout", "text": "seen at home"}
    saved.cells[4].outputs = [nbformat.from_dict(shown)]
    for student, notebook in {
        "perfect": solved(released),
        "blank": released,
        "saved": saved,
        "half-right": solved(released, double="3 * x"),
        "visible-only": solved(released, double="x + 1"),
        "warns": with_first_answer("import warnings; warnings.warn('careful')"),
        "warns-in-the-test": solved(released, double="__import__('warnings').warn('!') or 2 * x"),
        "forged": forged,
        "endless": with_first_answer("while True: pass"),
        "endless-when-called": solved(released, double="[1 for _ in iter(int, 1)]"),
        "stubborn": with_first_answer(
            "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
        ),
        "suicide": with_first_answer("import os; os.kill(os.getpid(), 9)"),
        "exit": with_first_answer("import os; os._exit(0)"),
        "chatty": with_first_answer("print('x' * 1_000_000)"),
        "not-a-notebook": b"my homework",
        "scripts": escaped,
        "displays-scripts": with_first_answer(
            "from IPython.display import HTML, Javascript, display\n"
            "display(HTML('<script>alert(3)</script><b>bold</b>'), Javascript('alert(4)'))"
        ),
        "=cmd()": solved(released),
        "[red]ben": solved(released),
    }.items():
        hand_in(room, student, notebook)
    outcomes = grade_class(room, students=ENDLESS, limits=Limits(cell_seconds=4))
    others = tuple(sorted(set(room.students(TINY)) - set(ENDLESS)))
    return room, outcomes | grade_class(room, students=others)


@pytest.mark.parametrize(
    ("student", "score"),
    [
        ("perfect", 5),
        ("blank", 0),
        ("saved", 5),
        ("[red]ben", 5),
        ("half-right", 2),
        ("visible-only", 2),
        ("warns", 5),
        ("warns-in-the-test", 5),
        ("forged", 2),
        ("endless", 2),
        ("endless-when-called", 2),
        ("stubborn", 2),
        ("suicide", 2),
        ("exit", 2),
        ("chatty", 5),
        ("not-a-notebook", 0),
        ("scripts", 5),
        ("displays-scripts", 5),
        ("=cmd()", 5),
    ],
)
def test_each_student_gets_what_the_work_deserves(graded, student, score):
    outcome = graded[1][student]
    assert (outcome.score, outcome.max_score) == (score, 5)


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("endless", "(`double`): This cell was stopped: it ran longer than 4 seconds."),
        ("stubborn", "(`double`): This cell was stopped: it ran longer than 4 seconds."),
        ("suicide", "(`double`): This cell ended the Python process in which it ran."),
        ("exit", "(`double`): This cell ended the Python process in which it ran."),
        ("not-a-notebook", "tiny.ipynb is not a notebook: it is not JSON text."),
    ],
)
def test_what_went_wrong_is_said_to_the_instructor_and_on_the_feedback_page(graded, student, says):
    room, outcomes = graded
    assert any(says in note for note in outcomes[student].notes)
    words = says.split(": ", 1)[1] if student != "not-a-notebook" else "it is not JSON text"
    assert words in page(room, student)


def test_feedback_shows_the_message_of_a_hidden_test_but_not_its_source(graded):
    text = page(graded[0], "visible-only")
    assert "hidden: double" in text
    assert "double(3)" not in text and "BEGIN HIDDEN" not in text
    assert "BEGIN HIDDEN" not in page(graded[0], "perfect")


def test_feedback_pages_are_what_nbconvert_would_have_written(graded):
    room = graded[0]
    config = config_for(room, TINY, "visible-only")
    course = CourseDirectory(config=config)
    ours = BeautifulSoup(page(room, "visible-only"), "html.parser")
    theirs = GenerateFeedback(coursedir=course, config=config)
    theirs.exporter_class, theirs.force = HTMLExporter, True
    theirs.start()
    assert ours == BeautifulSoup(page(room, "visible-only"), "html.parser")


def test_prose_with_another_picture_is_rendered_anew():
    def shown(pixels):
        cell = new_markdown_cell("![my sketch](attachment:sketch.png)")
        cell.attachments = {"sketch.png": {"image/png": pixels}}
        return FeedbackPage().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]

    assert "aGVyZQ==" in shown("aGVyZQ==") and "dGhlcmU=" in shown("dGhlcmU=")


def test_a_skipped_cell_keeps_what_the_student_saved_and_says_so(graded):
    text = page(graded[0], "saved")
    assert "Saved by the student" in text and "seen at home" in text
    assert "Saved by the student" not in page(graded[0], "perfect")


def test_feedback_names_the_seed(graded):
    assert "came from seed" in page(graded[0], "perfect")


def test_feedback_does_not_run_what_a_student_wrote(graded):
    text = page(graded[0], "scripts")
    assert "<script>alert(1)" not in text
    assert "onerror=alert" not in text or "&lt;img" in text


def cleaned(room, notebook):
    """The page of a notebook whose every text is a student's."""
    names = {"assignment": TINY, "notebook": TINY, "student": "links"}
    details = {**names, "db_url": db_url(room)}
    step = Harmless(config=config_for(room, TINY, "links"))
    notebook, _ = step.preprocess(notebook, {"nbgrader": details})
    return HTMLExporter(template_name="classic").from_notebook_node(notebook)[0]


def shown_as_markdown(text):
    output = new_output("display_data", data={"text/markdown": text})
    return new_code_cell("display(Markdown(...))", outputs=[output])


@pytest.mark.parametrize("cell", [new_markdown_cell, shown_as_markdown], ids=["cell", "output"])
@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "two\n\nparagraphs\n\n* and [x][1]\n\n[1]: JavaScript:alert(1)",
        "![x](java&#115;cript:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "|a|\n|-|\n|[x](%6aavascript:alert(1))|",
    ],
)
def test_a_link_that_could_act_is_shown_as_text(room, cell, text):
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell(text)])), "html.parser")
    addresses = [a.get("href", a.get("src", "")) for a in shown.select(".cell a, .cell img")]
    assert not [a for a in addresses if not a.startswith("#")]
    assert text in shown.get_text()


@pytest.mark.parametrize("cell", [new_markdown_cell, shown_as_markdown], ids=["cell", "output"])
def test_other_links_and_formulas_of_a_student_stay_what_they_are(room, cell):
    text = "See [this](https://keras.io/api), [that](#part) and $x[0]$ of `a[1:2]`."
    shown = BeautifulSoup(cleaned(room, new_notebook(cells=[cell(text)])), "html.parser")
    assert [a["href"] for a in shown.select("a[href]")] == ["https://keras.io/api", "#part"]
    assert not shown.find("pre", string=lambda s: s and "this" in s)


def test_a_saved_figure_is_shown_once_with_its_alternative_text(room):
    text = 'One is darker" onload="alert(1)'
    data = {"image/png": "aWNvbg==", "text/html": '<img src="data:image/png;base64,aWNvbg==">'}
    shown = new_output("display_data", data=data, metadata={"image/png": {"alt": text}})
    notebook = new_notebook(cells=[new_code_cell("draw()", outputs=[shown])])
    names = {"assignment": TINY, "notebook": TINY, "student": "draws"}
    details = {**names, "db_url": db_url(room)}
    step = Harmless(config=config_for(room, TINY, "draws"))
    notebook, _ = step.preprocess(notebook, {"nbgrader": details})
    result = HTMLExporter(template_name="classic").from_notebook_node(notebook)[0]
    (image,) = BeautifulSoup(result, "html.parser").select(".output_png img")
    assert image["alt"] == text
    assert "onload" not in image.attrs and "&lt;img" not in result


def test_the_graded_notebook_which_the_formgrader_shows_cannot_act_either(graded):
    notebook = nbformat.read(graded[0].autograded("scripts", NOTEBOOK), as_version=4)
    text = "".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert "<script>alert(1)" not in text and "&lt;script&gt;" in text
    shown = nbformat.read(graded[0].autograded("displays-scripts", NOTEBOOK), as_version=4)
    outputs = [o.data for c in shown.cells for o in c.get("outputs", []) if "data" in o]
    assert outputs and not any("<script>" in str(data) for data in outputs)
    assert not any("application/javascript" in data for data in outputs if any(data.values()))


def test_a_name_cannot_steer_the_terminal():
    assert printable("ada\x1b[2Jb\nc") == "ada\N{REPLACEMENT CHARACTER}[2Jb\nc"


def test_endless_text_is_cut(graded):
    assert "the rest of what it printed was cut" in page(graded[0], "chatty")


def test_the_csv_cannot_start_a_formula(graded):
    rows = list(csv.DictReader(export_csv(graded[0], [TINY]).open()))
    assert "'=cmd()" in [row["student"] for row in rows]
    perfect = next(row for row in rows if row["student"] == "perfect")
    assert (perfect["score"], perfect["double"], perfect["half"]) == ("5.0", "3.0", "2.0")


def test_grading_puts_exactly_these_files_beside_a_submission(graded):
    room = graded[0]
    found = sorted(
        str(path.relative_to(room.folder))
        for part in ("autograded", "feedback")
        for path in (room.folder / part / "perfect").rglob("*")
        if path.is_file()
    )
    assert found == [
        f"autograded/perfect/{TINY}/{TINY}.ipynb",
        f"feedback/perfect/{TINY}/{TINY}.html",
    ]


def test_what_the_exchange_returns_feedback_by_lies_beside_it(room, released, tmp_path):
    hand_in(room, "ada", solved(released), "2030-01-02 00:00:00 UTC")
    (room.submitted("ada", TINY) / "submission_secret.txt").write_text("of ada's")
    hand_in(room, "eve", solved(released))
    (tmp_path / "elsewhere").write_text("not eve's")
    (room.submitted("eve", TINY) / "submission_secret.txt").symlink_to(tmp_path / "elsewhere")
    grade_class(room)
    beside = room.feedback("ada", NOTEBOOK).parent
    assert (beside / "timestamp.txt").read_text() == "2030-01-02 00:00:00 UTC"
    assert (beside / "submission_secret.txt").read_text() == "of ada's"
    assert [path.name for path in room.feedback("eve", NOTEBOOK).parent.iterdir()] == [
        f"{TINY}.html"
    ]


def test_the_secret_is_for_its_owner_only(graded):
    assert os.stat(graded[0].folder / "secret").st_mode & 0o077 == 0


# ------------------------------------------------------------------------------- grading again
def test_grading_again_redoes_only_what_changed(room, released):
    hand_in(room, "ada", solved(released))
    hand_in(room, "ben", released)
    first = grade_class(room)
    assert {o.status for o in first.values()} == {"graded"}
    before = room.autograded("ada", NOTEBOOK).stat().st_mtime_ns
    hand_in(room, "ben", solved(released, half="0"))
    second = grade_class(room)
    assert second["ada"].status == "graded before" and second["ada"].score == 5
    assert second["ben"].status == "graded" and second["ben"].score == 3
    assert room.autograded("ada", NOTEBOOK).stat().st_mtime_ns == before
    assert grade_class(room, force=True)["ada"].status == "graded"


def test_a_run_that_stopped_before_the_feedback_is_taken_up_again(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room)
    room.feedback("ada", NOTEBOOK).unlink()
    assert grade_class(room)["ada"].status == "graded"
    assert room.feedback("ada", NOTEBOOK).exists()


def test_a_seed_gives_the_same_verdict_again(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room, students=("ada",), seed=123)
    assert "came from seed 123" in page(room, "ada")
    (again,) = grade_class(room, students=("ada",), seed=123).values()
    assert again.status == "graded"


def test_manual_grades_comments_and_the_late_flag_survive(room, released):
    hand_in(room, "ada", solved(released, half="0"), "2030-01-02 00:00:00 UTC")
    grade_class(room)
    with open_gradebook(room) as gradebook:
        gradebook.update_or_create_assignment(TINY, duedate="2030-01-01 00:00:00 UTC")
        grade_ = gradebook.find_grade("test_half", TINY, TINY, "ada")
        grade_.manual_score = 1.5
        gradebook.find_comment("half", TINY, TINY, "ada").manual_comment = "close"
        gradebook.db.commit()
    outcome = grade_class(room, force=True)["ada"]
    assert outcome.score == 4.5 and outcome.late
    with open_gradebook(room) as gradebook:
        assert gradebook.find_comment("half", TINY, TINY, "ada").manual_comment == "close"


def test_the_gradebook_is_backed_up_before_anything_is_graded(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room)
    grade_class(room)
    assert not (room.folder / "backups").exists()
    grade_class(room, force=True)
    (backup,) = (room.folder / "backups").glob("*.db")
    with Gradebook(f"sqlite:///{backup}") as gradebook:
        assert gradebook.find_submission(TINY, "ada").score == 5


def test_a_new_gradebook_bears_the_revision_that_nbgraders_own_command_says(room):
    with open_gradebook(room):
        pass
    with _temp_alembic_ini(db_url(room)) as settings:
        command = [sys.executable, "-m", "alembic", "-c", settings, "heads"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with contextlib.closing(sqlite3.connect(room.folder / "gradebook.db")) as database:
        ((revision,),) = database.execute("SELECT version_num FROM alembic_version")
    assert said.split()[0] == revision


HALF = "\ud800"  # half of a character: JSON can say it, no file can hold it


def _with_half_characters(notebook):
    notebook.cells.append(new_code_cell(f"text = '{HALF}'", outputs=[]))
    notebook.cells[-1].outputs = [new_output("stream", text=HALF)]
    notebook.cells.append(new_markdown_cell(HALF))


def _with_a_pasted_picture(notebook):
    notebook.cells.append(
        new_markdown_cell("![x](attachment:a.png)\n\n![x][a]\n\n[a]: attachment:a")
    )


def _with_much_markup(notebook):
    notebook.cells += [new_markdown_cell("<table><b>" * 1900) for _ in range(40)]


@pytest.mark.parametrize(
    "change", [_with_half_characters, _with_a_pasted_picture, _with_much_markup]
)
def test_what_a_student_writes_stops_nobody(room, released, change):
    notebook = solved(released)
    change(notebook)
    hand_in(room, "ada", json.dumps(notebook).encode())
    hand_in(room, "bob", solved(released))
    outcomes = grade_class(room)
    assert [outcomes[name].score for name in ("ada", "bob")] == [5, 5]
    assert "double" in page(room, "ada")


def test_a_text_far_longer_than_any_answer_is_left_out(room, released):
    notebook = solved(released)
    notebook.cells.append(new_code_cell("a." * 20_000))
    notebook.cells[index_of(notebook, "half")].source += "\n" + "#" * 20_000
    hand_in(room, "ada", notebook)
    assert grade_class(room)["ada"].score == 3
    assert "A text of 40,000 characters stood here. It was left out." in page(room, "ada")
    notebook.cells = [new_markdown_cell("x") for _ in range(2001)]
    hand_in(room, "ada", notebook)
    assert "has 2001 cells; at most 2000" in grade_class(room)["ada"].notes[0]


@pytest.mark.parametrize(
    "time",
    [b"yesterday", b"\xff\xfe", b"0001-01-01 00:00:00 +14", b"2026-01-01 00:00:00 99999999999999",
     b"9" * 30, b"2026-01-01 00:00:00 /etc/passwd", b"", b"x" * 10**6],
)  # fmt: skip
def test_a_time_that_cannot_be_read_is_noted(room, released, time):
    hand_in(room, "ada", solved(released))
    (room.submitted("ada", TINY) / "timestamp.txt").write_bytes(time)
    hand_in(room, "bob", solved(released))
    outcomes = grade_class(room)
    assert [outcomes[name].score for name in ("ada", "bob")] == [5, 5]
    assert "timestamp.txt does not say when" in outcomes["ada"].notes[0]
    assert not outcomes["ada"].late


def test_odd_files_beside_a_notebook_stop_nobody(room, released):
    hand_in(room, "ada", solved(released))
    folder = room.submitted("ada", TINY)
    (folder / os.fsdecode(b"L\xf6sung.txt")).write_text("Latin-1")
    os.mkfifo(folder / "pipe")
    (folder / "timestamp.txt").mkdir()
    with open(folder / "model.bin", "wb") as file:
        file.truncate(2**36)
    hand_in(room, "bob", solved(released))
    path = room.submitted_notebook("bob", NOTEBOOK)
    path.rename(path.with_name(os.fsdecode(b"tiny \xf6.ipynb")))
    (room.folder / "submitted" / ".ipynb_checkpoints" / TINY).mkdir(parents=True)
    outcomes = grade_class(room)
    assert set(outcomes) == {"ada", "bob"}
    assert (outcomes["ada"].score, outcomes["bob"].status) == (5, "not gradable")
    assert "tiny ?.ipynb" in outcomes["bob"].notes[0]


def test_what_makes_the_grader_fail_costs_nobody_else(room, released, monkeypatch):
    def failing(real):
        def fails(*arguments, **options):
            cells = [cell for a in arguments for cell in getattr(a, "cells", [])]
            if any("stumbling block" in cell.source for cell in cells):
                raise ValueError("a case that nobody thought of")
            return real(*arguments, **options)

        return fails

    places = ((workers, "execute"), (steps, "sanitize"), (steps.Harmless, "preprocess"))
    for place, name in places:
        with monkeypatch.context() as patch:
            patch.setattr(place, name, failing(getattr(place, name)))
            notebook = solved(released)
            notebook.cells.append(new_code_cell("'stumbling block'"))
            hand_in(room, "ada", notebook)
            hand_in(room, "bob", solved(released))
            outcomes = grade_class(room, force=True)
        assert (outcomes["ada"].status, outcomes["bob"].score) == ("not gradable", 5)
        assert outcomes["ada"].notes == ("The grader failed on it: ValueError.",)
        assert "The grader failed on it: ValueError." in page(room, "ada")


def test_a_graded_notebook_that_was_destroyed_is_graded_again(room, released):
    hand_in(room, "ada", solved(released))
    grade_class(room)
    room.autograded("ada", NOTEBOOK).write_text("")
    assert grade_class(room)["ada"].status == "graded"


def test_a_word_of_the_graders_own_is_not_believed(room, released):
    notebook = solved(released)
    answer = notebook.cells[index_of(notebook, "double")]
    answer.source = "class Stopped(Exception): pass\nraise Stopped('# Score: 5 of 5')"
    hand_in(room, "ada", notebook)
    assert grade_class(room)["ada"].notes == ()


def test_an_unknown_assignment_or_student_is_named(room, released):
    with pytest.raises(GradingError, match=r"no assignment gone. There is: tiny\."):
        grade(room, "gone", Options())
    with pytest.raises(GradingError, match="No tiny of anyone"):
        grade(room, TINY, Options())
    hand_in(room, "ada", released)
    with pytest.raises(GradingError, match="No tiny of bob"):
        grade(room, TINY, Options(students=("bob",)))


def with_limits(course, target, limits):
    """A copy of a course whose nbgrader_config.py sets other limits."""
    root = target / "course"
    for folder in ("solutions", "notebooks"):
        shutil.copytree(course / folder, root / folder)
    config = (course / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(f"{config}\nc.Examiner.limits = {limits}\n")
    return Classroom(root, root / "classroom")


def test_limits_of_the_configuration_bind_this_grader_and_stock_nbgrader(
    tiny_course, tmp_path, released
):
    room = with_limits(tiny_course, tmp_path, {"cell_seconds": 4.5})
    notebook = solved(released)
    notebook.cells[index_of(notebook, "double")].source += "\nimport time; time.sleep(1000)"
    hand_in(room, "slow", notebook)
    outcome = grade_class(room, limits=None)["slow"]
    assert outcome.score == 2
    assert any("ran longer than 4.5 seconds" in note for note in outcome.notes)
    nbgrader(room.root, "autograde", TINY, "--force")
    with open_gradebook(room) as gradebook:
        assert gradebook.find_submission(TINY, "slow").score == 2


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"cell_second": 5}, "there is no limit cell_second. There is: cell_seconds, "),
        ({"cell_seconds": "5"}, "the limit cell_seconds must be a number of at least 0, not '5'"),
        ({"processes": 2.5}, "the limit processes must be a whole number"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_in_words(tiny_course, tmp_path, given, complaint):
    with pytest.raises(GradingError, match=complaint):
        limits(config_for(with_limits(tiny_course, tmp_path, given)))


def test_limits_that_the_configuration_leaves_out_keep_their_defaults(tiny_course, tmp_path):
    assert limits(config_for(with_limits(tiny_course, tmp_path, {"restarts": 1}))) == Limits(
        restarts=1
    )


def test_stock_nbgrader_gives_the_same_score(tiny_course, released):
    room = Classroom(tiny_course, tiny_course / "classroom")
    broken = solved(released, half="0")
    broken.cells.insert(0, copy.deepcopy(broken.cells[index_of(broken, "test_double")]))
    hand_in(room, "ada", broken)
    try:
        nbgrader(tiny_course, "generate_assignment", TINY, "--force")
        nbgrader(tiny_course, "autograde", TINY)
        nbgrader(tiny_course, "generate_feedback", TINY)
        with open_gradebook(room) as gradebook:
            assert gradebook.find_submission(TINY, "ada").score == 3
        assert "BEGIN HIDDEN" not in page(room, "ada")
    finally:
        shutil.rmtree(tiny_course / "classroom")
