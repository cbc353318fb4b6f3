"""Writes a page for nobody, in the process from which those are forked that write feedback.

What every page needs, such as the compiled template, is then there in each of them.
"""

import contextlib
import gc


def _warm_up() -> None:
    gc.disable()  # imports leave no garbage, and looking for it would take a fifth of their time
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    from autograder.grading.gradebook import pages  # noqa: F401 - what its writers do
    from autograder.grading.gradebook.feedback.page import render
    from autograder.grading.gradebook.feedback.standing import Standing

    with contextlib.suppress(Exception):  # where a real page fails, too, its writer says so
        cells = [new_markdown_cell("*text* $x$"), new_code_cell("code = 1")]
        render(new_notebook(cells=cells), Standing("nobody", "nothing"), {}, shows_values=False)
    gc.freeze()  # so that collections in the children do not copy these pages
    gc.enable()


_warm_up()
