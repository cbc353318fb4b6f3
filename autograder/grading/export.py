"""Writes the grades of a class as one CSV file."""

import csv
from pathlib import Path

from autograder.grading.course import Classroom
from autograder.grading.record import open_gradebook


def export_csv(classroom: Classroom, assignments: list[str]) -> Path:
    """Write reports/grades.csv: one row for each student and assignment, then each exercise.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    columns = ["student", "assignment", "score", "max_score", "late_penalty", "submitted"]
    rows = []
    with open_gradebook(classroom) as gradebook:
        for assignment in assignments:
            for submission in gradebook.assignment_submissions(assignment):
                penalty = sum(n.late_submission_penalty or 0 for n in submission.notebooks)
                row = {
                    "student": submission.student.id,
                    "assignment": assignment,
                    "score": max(submission.score - penalty, 0.0),
                    "max_score": submission.max_score,
                    "late_penalty": penalty,
                    "submitted": submission.timestamp or "",
                }
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                row |= {g.name.removeprefix("test_"): g.score for g in grades}
                columns += [name for name in row if name not in columns]
                rows.append(row)
    rows.sort(key=lambda row: (row["assignment"], row["student"]))
    path = classroom.folder / "reports" / "grades.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows({k: _harmless(v) for k, v in row.items()} for row in rows)
    return path


def _harmless(value: object) -> object:
    formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if formula else value
