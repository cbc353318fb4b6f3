"""Maps nbgrader's folders onto the course's, so that its own commands and formgrader work here.

The class lies in classroom/, or in the folder that AUTOGRADER_CLASSROOM names. Its gradebook is the
SQLite file gradebook.db in there, or the database whose address AUTOGRADER_GRADEBOOK holds.
"""

import os
import sys
import warnings
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors as nbgrader_steps

from autograder.grading.gradebook import steps as steps
from autograder.grading.gradebook.pages import FeedbackPage

c = get_config()  # noqa: F821 - nbgrader provides it

root = Path(__file__).resolve().parent
classroom = os.environ.get("AUTOGRADER_CLASSROOM", "classroom")
served = os.environ.get("AUTOGRADER_GRADEBOOK", "")
# A new gradebook is stamped by the `alembic` command of the environment, which need not be active.
tools = str(Path(sys.executable).parent)
if tools not in os.environ["PATH"].split(os.pathsep):  # this file is read for every submission
    os.environ["PATH"] = os.pathsep.join([tools, os.environ["PATH"]])
(root / classroom).mkdir(exist_ok=True)  # SQLite makes the gradebook, not its folder

c.CourseDirectory.root = str(root)
# SQLite takes an empty course id; a database server does not, and nbgrader's exchange needs one.
c.CourseDirectory.course_id = "transposed-convolution" if served else ""
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    setattr(c.CourseDirectory, f"{step}_directory", f"{classroom}/{step}")
file = (root / classroom / "gradebook.db").as_posix()
c.CourseDirectory.db_url = served or f"sqlite:///{file}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".DS_Store"]

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.OverwriteCells.add_missing_cells = True  # a test that a student deleted is put back
c.Execute.timeout = 120  # seconds for a cell, in `nbgrader validate`
c.Execute.extra_arguments = ["--log-level=ERROR"]  # kernels warn that TCP is not encrypted
# nbgrader was written for SQLAlchemy 1.4, which did not warn of what is harmless in its queries.
warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")

# Bounds on one submission; `Limits` in autograder/examiner/job.py lists them all.
c.Examiner.limits = {
    "cell_seconds": 60,  # wall time of one cell
    "submission_seconds": 120,  # wall time of a whole submission
    "memory_megabytes": 3000,  # beyond what the imports take, for each of the two processes
}

# A folder with more hidden tests of yours, DIR/ASSIGNMENT/GRADE_ID.py, outside this repository:
# c.Examiner.tests = "../private-tests"

c.GenerateAssignment.preprocessors = [
    nbgrader_steps.IncludeHeaderFooter,
    nbgrader_steps.InstantiateTests,
    steps.PrivateTests,
    nbgrader_steps.LockCells,
    nbgrader_steps.ClearSolutions,
    nbgrader_steps.ClearOutput,
    steps.AnswersMayFail,
    nbgrader_steps.CheckCellMetadata,
    nbgrader_steps.ComputeChecksums,
    nbgrader_steps.SaveCells,
    nbgrader_steps.ClearHiddenTests,
    nbgrader_steps.ClearMarkScheme,
    nbgrader_steps.ComputeChecksums,
    nbgrader_steps.CheckCellMetadata,
]

# `nbgrader autograde` and the formgrader's button sanitize and execute as `autograder grade` does,
# and feedback shows neither hidden tests nor HTML of a student's that could act.
c.Autograde.sanitize_preprocessors = [
    steps.Sanitize,
    nbgrader_steps.OverwriteCells,
    nbgrader_steps.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    steps.Execute,
    steps.Harmless,
    nbgrader_steps.OverwriteCells,
    nbgrader_steps.SaveAutoGrades,
    nbgrader_steps.AssignLatePenalties,
    nbgrader_steps.CheckCellMetadata,
]
c.GenerateFeedback.exporter_class = FeedbackPage
c.GenerateFeedback.preprocessors = [
    nbgrader_steps.GetGrades,
    steps.HideTests,
    CSSHTMLHeaderPreprocessor,
]
c.HTMLExporter.preprocessors = [steps.EscapeNames]  # the formgrader shows submissions by it
