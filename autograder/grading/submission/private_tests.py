"""An instructor's own hidden tests, kept outside the course's folder, which may be public.

`DIR/ASSIGNMENT/GRADE_ID.py` belongs to the grade cell of that id: its code becomes a region of
hidden tests there, so that it runs with the cell's other tests, for the same points, in the judge's
process. The gradebook and the graded notebooks hold it; releases and feedback pages do not.
`c.Examiner.tests` in nbgrader_config.py or `autograder grade --tests` names DIR.
"""

import ast
from pathlib import Path

from nbformat import NotebookNode

from autograder import cells
from autograder.grading.classroom import Classroom, GradingError, NotebookRef

_BEGIN, _END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

Tests = dict[str, str]


def private_tests(classroom: Classroom, ref: NotebookRef, instructor: NotebookNode) -> Tests:
    """The code for each grade id of a notebook; none if there is no folder for it.

    Args:
        classroom: Whose configuration names the folder.
        ref: The notebook.
        instructor: Its solution notebook.

    Raises:
        GradingError: Something in the folder is not a test: the wrong name, or not Python.
    """
    folder = classroom.tests
    if folder is None:
        return {}
    if not folder.is_dir():
        raise GradingError(f"There is no folder {folder} with private tests.")
    for path in _visible(folder):
        if path.name not in classroom.assignments():
            known = ", ".join(classroom.assignments())
            raise GradingError(
                f"{path} is the folder of no assignment. Private tests lie in"
                f" {folder}/ASSIGNMENT/GRADE_ID.py; the assignments are: {known}."
            )
    known = [cells.grade_id(c) for c in instructor.cells if cells.role(c) == "grade"]
    tests = {}
    own = folder / ref.assignment
    for path in _visible(own) if own.is_dir() else []:
        if path.suffix != ".py" or path.stem not in known:
            raise GradingError(
                f"{path} belongs to no test of {ref.assignment}. Names that count are:"
                f" {', '.join(f'{name}.py' for name in known)}."
            )
        tests[path.stem] = _code(path)
    return tests


def add_tests(notebook: NotebookNode, tests: Tests) -> NotebookNode:
    """Put private tests into the grade cells of `notebook`, which is returned.

    They stand at the end, but before a last line that is an expression: its value may be partial
    credit.
    """
    for cell in notebook.cells:
        if cells.role(cell) == "grade" and cells.grade_id(cell) in tests:
            cell.source = _with(cell.source, tests[cells.grade_id(cell)])
    return notebook


def _visible(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if not p.name.startswith((".", "__pycache__")))


def _code(path: Path) -> str:
    try:
        code = path.read_text(encoding="utf-8").strip("\n")
        cells.tree(code)
    except (SyntaxError, ValueError) as error:
        raise GradingError(f"{path} is not Python: {error}") from error
    if code.startswith("%%"):
        raise GradingError(f"{path} begins with a cell magic, but it joins a cell that has tests.")
    if "BEGIN HIDDEN TESTS" in code or "END HIDDEN TESTS" in code:
        raise GradingError(f"{path} is hidden as it is: leave the HIDDEN TESTS markers out.")
    return code


def _with(source: str, code: str) -> str:
    statements = cells.tree(source).body
    lines = source.split("\n")
    place = len(lines)
    if statements and isinstance(statements[-1], ast.Expr):
        place = statements[-1].lineno - 1
    above = "\n".join(lines[:place])
    hidden = above.count("BEGIN HIDDEN TESTS") > above.count("END HIDDEN TESTS")
    block = [code] if hidden else [_BEGIN, code, _END]
    return "\n".join([*lines[:place], *block, *lines[place:]])
