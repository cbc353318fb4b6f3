"""A class of invented students, handed in to demo-classroom/; `autograder demo` grades it."""

import ast
import copy
import shutil
from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef

DUE = "2026-10-01 12:00:00 UTC"
_IN_TIME, _LATE = "2026-09-30 18:00:00 UTC", "2026-10-02 09:30:00 UTC"


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
