"""Writes feedback pages again, with the points and comments that people gave since.

`autograder feedback` calls it; `grade` writes the pages of what it grades.
"""

from collections.abc import Collection

from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.pages import write_feedback
from autograder.grading.gradebook.store import points
from autograder.grading.run.workers import page_writers


def write_again(
    classroom: Classroom, ref: NotebookRef, students: Collection[str], workers: int
) -> int:
    """Write pages; how many.

    Args:
        classroom: The class.
        ref: The notebook.
        students: Whose; everyone's if empty.
        workers: Pages at a time.

    Raises:
        GradingError: There is no such assignment, someone has no grades, or a page fails.
    """
    classroom.instructor_notebook(ref)
    graded = points(classroom, ref)
    there = [s for s in graded if classroom.autograded(s, ref).is_file()]
    unknown = sorted({*students} - {*there})
    if unknown or not there:
        who = ", ".join(unknown) or "anyone"
        raise GradingError(
            f"Nothing of {ref.assignment} is graded of {who}. First: autograder grade "
            f"{ref.assignment}"
        )
    chosen = [student for student in there if not students or student in students]
    with page_writers(min(workers, len(chosen))) as write:
        for student in chosen:
            write(write_feedback, classroom, ref, student)
    return len(chosen)
