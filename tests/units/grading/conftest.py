"""What every kind of student hands in; `test_grading` and `test_feedback_pages` grade it."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from tiny import TINY, index_of, solved


@pytest.fixture(scope="session")
def handed_in(tiny_course):
    """Student -> notebook."""
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
    return {
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
    }
