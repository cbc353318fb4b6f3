"""Writes the grades of a class as CSV files that a spreadsheet opens as they are."""

from collections.abc import Collection
from pathlib import Path

from autograder.grading.classroom import Classroom
from autograder.grading.incoming.roster import Form
from autograder.grading.outgoing.grades import Exported, needed_grades, write_csv
from autograder.grading.outgoing.overview import Overview, read_overview

GRADES, EXERCISES = "grades.csv", "grades-exercises.csv"
_SPREADSHEET = Form(mark=True)  # or Excel would not take it for UTF-8


def export_csv(classroom: Classroom, assignments: Collection[str]) -> Exported:
    """Write the tables of some assignments.

    Raises:
        GradingError: There is no such assignment, or nobody has grades for it.
    """
    for assignment in assignments:
        needed_grades(classroom, assignment)
    return Exported(write_tables(classroom, read_overview(classroom), assignments))


def write_tables(
    classroom: Classroom, overview: Overview, assignments: Collection[str] | None = None
) -> tuple[Path, Path]:
    """Write reports/grades.csv, one row for each student, and reports/grades-exercises.csv.

    The other file has one row for each student and assignment, with a column for each exercise.
    Cells that a spreadsheet would take for a formula begin with an apostrophe.

    Args:
        classroom: The class.
        overview: Where it stands.
        assignments: Which ones the tables have; all by default.
    """
    chosen = [name for name in overview.grades if assignments is None or name in assignments]
    files = (GRADES, _grades(overview, chosen)), (EXERCISES, _exercises(overview, chosen))
    one, other = (write_csv(classroom, name, rows, _SPREADSHEET) for name, rows in files)
    return one, other


def _grades(overview: Overview, assignments: list[str]) -> list[list[object]]:
    titles = [title for name in assignments for title in (name, f"{name} status")]
    rows: list[list[object]] = [["id", "name", *titles, "total"]]
    for student, name in overview.names.items():
        scores = [overview.score(student, assignment) for assignment in assignments]
        states = [overview.status(student, assignment) for assignment in assignments]
        pairs = zip(scores, states, strict=True)
        cells = [cell for score, state in pairs for cell in (_points(score), state)]
        rows.append([student, name, *cells, _points(sum(score or 0.0 for score in scores))])
    return rows


def _exercises(overview: Overview, assignments: list[str]) -> list[list[object]]:
    columns = ["id", "name", "assignment", "status", "points", "of", "late penalty", "submitted"]
    rows: list[list[object]] = []
    for assignment in assignments:
        for student, name in overview.names.items():
            one = overview.grades[assignment].get(student)
            if one is None:
                continue
            score = overview.score(student, assignment)
            row = {
                "id": student,
                "name": name,
                "assignment": assignment,
                "status": one.status,
                "points": _points(score),
                "of": one.max_score,
                "late penalty": one.late_penalty,
                "submitted": one.submitted,
                **{e.name: _points(e.score) for e in one.exercises if score is not None},
            }
            columns += [title for title in row if title not in columns]
            rows.append([row.get(title, "") for title in columns])
    return [list(columns), *rows]


def _points(score: float | None) -> float | str:
    return "" if score is None else round(score, 2)
