"""Writes a page for nobody, in the process from which those are forked that write feedback.

What every page needs, such as compiled templates, is then there in each of them.
"""

import contextlib
import gc


def _warm_up() -> None:
    gc.disable()  # imports leave no garbage, and looking for it would take a fifth of their time
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    from nbgrader.converters import GenerateFeedback

    from autograder.grading.gradebook import store  # noqa: F401 - what they do
    from autograder.grading.gradebook.pages import FeedbackPage

    with contextlib.suppress(Exception):  # where a real page fails, too, its writer says so
        FeedbackPage(config=GenerateFeedback().config).from_notebook_node(
            new_notebook(cells=[new_markdown_cell("*text*"), new_code_cell("code = 1")]),
            resources={"nbgrader": {"score": 0, "max_score": 0, "late_penalty": 0}},
        )
    gc.freeze()  # so that collections in the children do not copy these pages
    gc.enable()


_warm_up()
