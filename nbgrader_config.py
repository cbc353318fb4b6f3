"""Maps nbgrader's folders onto the course's, so that its own commands and formgrader work here.

The class lies in classroom/, or in the folder that AUTOGRADER_CLASSROOM names. Its gradebook is the
SQLite file gradebook.db in there, or the database whose address AUTOGRADER_GRADEBOOK holds.
"""

import os
from pathlib import Path

from autograder.grading.gradebook import steps
from autograder.grading.gradebook.configuration import sqlite_url
from autograder.grading.gradebook.pages import FeedbackPage

c = get_config()  # noqa: F821 - nbgrader provides it

root = Path(__file__).resolve().parent
classroom = os.environ.get("AUTOGRADER_CLASSROOM", "classroom")
served = os.environ.get("AUTOGRADER_GRADEBOOK", "")

c.CourseDirectory.root = str(root)
# SQLite takes an empty course id; a database server does not, and nbgrader's exchange needs one.
c.CourseDirectory.course_id = "transposed-convolution" if served else ""
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    setattr(c.CourseDirectory, f"{step}_directory", f"{classroom}/{step}")
c.CourseDirectory.db_url = served or sqlite_url(root / classroom)
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".DS_Store"]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.OverwriteCells.add_missing_cells = True  # a test that a student deleted is put back
c.Execute.timeout = 120  # seconds for a cell, in `nbgrader validate`
c.Execute.extra_arguments = ["--log-level=ERROR"]  # kernels warn that TCP is not encrypted

# Bounds on one submission; `Limits` in autograder/examiner/job.py lists them all. Time in which a
# program waits for a core does not count.
c.Examiner.limits = {
    "cell_seconds": 60,  # the most that any cell may take
    "submission_seconds": 120,  # for a whole submission
    "memory_megabytes": 3000,  # beyond what the imports take, for each of the two processes
}

# A folder with more hidden tests of yours, DIR/ASSIGNMENT/GRADE_ID.py, outside this repository:
# c.Examiner.tests = "../private-tests"

# What feedback pages show once the due date, with the student's extension, has passed; without a
# due date it never has. Pages stay as they are until they are written again.
# c.FeedbackPage.solutions = "after due"  # the reference solutions; default: "never"
# What the hidden tests called and expected: "after due", "never", or "always", the default.
# c.FeedbackPage.hidden_values = "after due"

# The lists stand in steps.py. Add a step of yours to one of them, for example
# `c.Autograde.autograde_preprocessors.append(...)`, and every way to grade runs it.
c.GenerateAssignment.preprocessors = [*steps.RELEASE]
c.Autograde.sanitize_preprocessors = [*steps.SANITIZE]
c.Autograde.autograde_preprocessors = [*steps.GRADE]
c.GenerateFeedback.preprocessors = [*steps.FEEDBACK]
c.GenerateFeedback.exporter_class = FeedbackPage
c.HTMLExporter.preprocessors = [*steps.FORMGRADER]
