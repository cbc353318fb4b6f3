"""A class of invented students, handed in to demo-classroom/; `autograder demo` grades it."""

import ast
import copy
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.display import grade_one
from autograder.grading.gradebook.configuration import sqlite_url
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.current import require_current
from autograder.grading.gradebook.pages import write_feedback
from autograder.grading.gradebook.people import enroll
from autograder.grading.gradebook.store import points, register
from autograder.grading.outgoing.index import update
from autograder.grading.outgoing.marks import read_exercises
from autograder.grading.outgoing.overview import Overview
from autograder.grading.outgoing.pages import index_page
from autograder.grading.outgoing.report import write_report
from autograder.grading.outgoing.similar import write_similar
from autograder.grading.run.plan import Options

DUE = "2026-10-01 12:00:00 UTC"
_IN_TIME, _LATE = "2026-09-30 18:00:00 UTC", "2026-10-02 09:30:00 UTC"
_COMMENT = (
    "The test finds a mistake, and rightly so. Your approach is the right one, though, so there "
    "are points for it by hand. Let us look at the rest together on Monday."
)


def run(
    console: Console,
    own: Classroom,
    options: Options,
    interrupted: threading.Event,
    everyone: bool,
) -> None:
    """Grade the class in every assignment, and write all pages that there are.

    Args:
        console: Where to say what is done.
        own: A class of the course; it is not touched.
        options: How to grade.
        interrupted: Is set by Ctrl-C.
        everyone: Print each student's result, too.

    Raises:
        GradingError: As `grade` raises it.
    """
    folder = own.root / "demo-classroom"
    # Never in the database of a real class, whatever nbgrader_config.py says.
    place = replace(own, folder=folder, own_db_url=sqlite_url(folder))
    require_current(place, place.assignments())
    enroll(place, {}, _NAMES)
    pairs = {}
    for assignment in place.assignments():
        ref = NotebookRef(assignment)
        create_class(place, ref)
        register(place, assignment)
        with open_gradebook(place) as gradebook:
            gradebook.update_or_create_assignment(assignment, duedate=DUE)
        grade_one(console, place, assignment, options, interrupted, everyone)
        if not pairs:
            grade_by_hand(place, ref, "typical-tom")
        write_report(place, assignment)
        pairs[assignment] = write_similar(place, assignment)[1]
    console.print(_results(update(place), pairs))
    console.print(f"Open this page: {index_page(place)}", markup=False)


def grade_by_hand(classroom: Classroom, ref: NotebookRef, student: str) -> None:
    """Do what a teacher does in the formgrader: give points and a comment for a wrong answer."""
    scores = points(classroom, ref)[student]
    exercises = [e for e in read_exercises(classroom, ref) if e.answer]
    wrong = next((e for e in exercises if not scores[e.cell].automatic), None)
    if wrong is None:
        return
    place = ref.notebook, ref.assignment, student
    with open_gradebook(classroom) as gradebook:
        gradebook.find_grade(wrong.cell, *place).manual_score = wrong.points / 2
        gradebook.find_comment(wrong.answer, *place).manual_comment = _COMMENT
        gradebook.db.commit()
    write_feedback(classroom, ref, student)


def _results(overview: Overview, pairs: dict[str, int]) -> Table:
    """How each assignment went, on a line."""
    table = Table()
    for title in ("assignment", "students", "graded", "median", "mean", "of", "similar pairs"):
        is_name = title == "assignment"
        table.add_column(title, justify="left" if is_name else "right", no_wrap=is_name)
    for name in overview.grades:
        one = overview.summary(name)
        scores = ("–" if s is None else f"{s:.1f}" for s in (one.median, one.mean))
        counts = f"{one.handed_in}", f"{one.graded}"
        table.add_row(name, *counts, *scores, f"{one.points:g}", f"{pairs[name]}")
    return table


def create_class(classroom: Classroom, ref: NotebookRef) -> None:
    """Write every invented student's submission; what stands there already is replaced."""
    release = nbformat.read(classroom.release_notebook(ref), as_version=4)
    right = reference(classroom, ref)
    answers = {  # everyone else has the reference answers
        "blank-ben": {},
        "half-done-hana": dict(list(right.items())[: len(right) // 2]),
        "other-style-olga": {**right, **stored(classroom, ref, "right", 0)},
    }
    for which, student in enumerate(("typical-tom", "typical-tara")):
        wrong = stored(classroom, ref, "wrong", which)  # two of three exercises are right
        answers[student] = {**right, **{name: wrong[name] for name in list(wrong)[which::3]}}
    if own := _most_own(classroom, ref):  # `similar` finds that Tara has it from Tom
        answers["typical-tom"] |= own
        answers["typical-tara"] |= {name: f"# my idea\n{text}" for name, text in own.items()}
    for student, alter in _STUDENTS.items():
        folder = classroom.submitted(student, ref.assignment)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        notebook = fill(copy.deepcopy(release), answers.get(student, right))
        if alter:
            alter(notebook)
        nbformat.write(notebook, folder / ref.file)
        (folder / "timestamp.txt").write_text(_LATE if student == "late-lena" else _IN_TIME)
    garbage = classroom.submitted_notebook("no-notebook-nils", ref)
    garbage.write_text("this is my homework, not a notebook")


def reference(classroom: Classroom, ref: NotebookRef) -> dict[str, str]:
    """The reference answer of each exercise, in order."""
    notebook = nbformat.read(classroom.instructor_notebook(ref), as_version=4)
    return {cells.grade_id(c): c.source for c in notebook.cells if cells.is_answer(c)}


def stored(classroom: Classroom, ref: NotebookRef, kind: str, which: int) -> dict[str, str]:
    """Of each exercise, one stored answer of a kind ("right" or "wrong") from the catalogue."""
    answers = {}
    for folder in sorted((classroom.root / "tests" / "catalogue" / ref.assignment).glob("*/")):
        files = sorted(folder.glob(f"{kind}_*.py"))
        if files:
            answers[folder.name] = answer_in(files[which % len(files)].read_text())
    return answers


def _most_own(classroom: Classroom, ref: NotebookRef) -> dict[str, str]:
    """The stored wrong answer that has the most words which no right answer has."""
    found, most = {}, 0
    for name, reference_answer in reference(classroom, ref).items():
        folder = classroom.root / "tests" / "catalogue" / ref.assignment / name
        texts = {p: answer_in(p.read_text()) for p in sorted(folder.glob("*_*.py"))}
        right = [text for path, text in texts.items() if path.name.startswith("right_")]
        known = {word for text in [reference_answer, *right] for word in text.split()}
        for text in texts.values():
            if (own := len({*text.split()} - known)) > most:
                found, most = {name: text}, own
    return found


def answer_in(text: str) -> str:
    """What stands in a file of the catalogue below its docstring, which says what it is."""
    docstring = ast.parse(text).body[0]
    return "\n".join(text.split("\n")[docstring.end_lineno :]).strip()


def fill(notebook: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """Put answers into the solution cells of a release."""
    for cell in notebook.cells:
        cell.source = answers.get(cells.grade_id(cell), cell.source)
    return notebook


def _find(notebook: NotebookNode, role: cells.Role, number: int) -> int:
    """Where the `number`-th cell of a role stands, or the last one if there are fewer."""
    found = [i for i, c in enumerate(notebook.cells) if cells.role(c) == role]
    return found[min(number, len(found) - 1)]


def _delete_a_test(notebook: NotebookNode) -> None:
    del notebook.cells[_find(notebook, "grade", 1)]


def _double_a_test(notebook: NotebookNode) -> None:
    place = _find(notebook, "grade", 1)
    twin = copy.deepcopy(notebook.cells[place])
    twin.id = "twin"
    notebook.cells.insert(place, twin)


def _add_a_print(notebook: NotebookNode) -> None:
    added = nbformat.v4.new_code_cell("print('trying things out')", id="added")
    notebook.cells.insert(_find(notebook, "solution", 1), added)


def _in_first_answer(code: str) -> Callable[[NotebookNode], None]:
    def alter(notebook: NotebookNode) -> None:
        notebook.cells[_find(notebook, "solution", 0)].source += f"\n\n{code}"

    return alter


_NAMES = {
    "perfect-ada": "Ada Lindgren",
    "blank-ben": "Ben Carter",
    "half-done-hana": "Hana Sato",
    "typical-tom": "Tom Fischer",
    "typical-tara": "Tara Singh",
    "other-style-olga": "Olga Petrova",
    "late-lena": "Lena Novak",
    "prints-pia": "Pia Rossi",
    "warns-will": "Will O'Brien",
    "no-notebook-nils": "Nils Berg",
    "deleted-test-dana": "Dana Cohen",
    "duplicated-test-dirk": "Dirk Jansen",
    "endless-emil": "Emil Nowak",
    "kernel-killer-kim": "Kim Tran",
    "absent-abe": "Abe Mensah",  # hands in nothing
}
_STUDENTS: dict[str, Callable[[NotebookNode], None] | None] = {
    "perfect-ada": None,
    "blank-ben": None,
    "half-done-hana": None,
    "typical-tom": None,
    "typical-tara": None,
    "other-style-olga": None,
    "late-lena": None,
    "prints-pia": _add_a_print,
    "warns-will": _in_first_answer("import warnings\nwarnings.warn('only a warning')"),
    "no-notebook-nils": None,
    "deleted-test-dana": _delete_a_test,
    "duplicated-test-dirk": _double_a_test,
    "endless-emil": _in_first_answer("while True:\n    pass"),
    "kernel-killer-kim": _in_first_answer(
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    ),
}
