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
_GARBAGE = "this is my homework, not a notebook"
_SUICIDE = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


def create_class(classroom: Classroom, ref: NotebookRef) -> None:
    """Write every invented student's submission; what stands there already is replaced."""
    release = nbformat.read(classroom.release_notebook(ref), as_version=4)
    for student, make in _STUDENTS.items():
        folder = classroom.submitted(student, ref.assignment)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        made = make(classroom, ref, copy.deepcopy(release))
        path = folder / ref.file
        if isinstance(made, str):
            path.write_text(made)
        else:
            nbformat.write(made, path)
        (folder / "timestamp.txt").write_text(_LATE if student == "late-lena" else _IN_TIME)


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


def _perfect(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
    return fill(notebook, reference(classroom, ref))


def _blank(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
    return notebook


def _half_done(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
    answers = list(reference(classroom, ref).items())
    return fill(notebook, dict(answers[: len(answers) // 2]))


def _from_catalogue(kind: str, which: int) -> Callable:
    def make(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
        answers = reference(classroom, ref)
        chosen = stored(classroom, ref, kind, which)
        if kind == "wrong":  # a typical student gets two of three exercises right
            chosen = {name: chosen[name] for name in list(chosen)[which::3]}
        return fill(notebook, {**answers, **chosen})

    return make


def _not_a_notebook(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> str:
    return _GARBAGE


def _deleted_test(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
    del notebook.cells[_find(notebook, "grade", 1)]
    return _perfect(classroom, ref, notebook)


def _duplicated_test(
    classroom: Classroom, ref: NotebookRef, notebook: NotebookNode
) -> NotebookNode:
    place = _find(notebook, "grade", 1)
    twin = copy.deepcopy(notebook.cells[place])
    twin.id = "twin"
    notebook.cells.insert(place, twin)
    return _perfect(classroom, ref, notebook)


def _in_first_answer(code: str) -> Callable:
    def make(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
        _perfect(classroom, ref, notebook)
        cell = notebook.cells[_find(notebook, "solution", 0)]
        cell.source = f"{cell.source}\n\n{code}"
        return notebook

    return make


def _added_print(classroom: Classroom, ref: NotebookRef, notebook: NotebookNode) -> NotebookNode:
    place = _find(notebook, "solution", 1)
    added = nbformat.v4.new_code_cell("print('trying things out')", id="added")
    notebook.cells.insert(place, added)
    return _perfect(classroom, ref, notebook)


_STUDENTS: dict[str, Callable] = {
    "perfect-ada": _perfect,
    "blank-ben": _blank,
    "half-done-hana": _half_done,
    "typical-tom": _from_catalogue("wrong", 0),
    "typical-tara": _from_catalogue("wrong", 1),
    "other-style-olga": _from_catalogue("right", 0),
    "late-lena": _perfect,
    "prints-pia": _added_print,
    "warns-will": _in_first_answer("import warnings\nwarnings.warn('only a warning')"),
    "no-notebook-nils": _not_a_notebook,
    "deleted-test-dana": _deleted_test,
    "duplicated-test-dirk": _duplicated_test,
    "endless-emil": _in_first_answer("while True:\n    pass"),
    "kernel-killer-kim": _in_first_answer(_SUICIDE),
}
