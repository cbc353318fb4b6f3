"""Writes the one page from which an instructor reaches all others: reports/index.html.

It lists assignments and students, with links to each report, similar page and feedback page.
`update` also writes the tables that the page offers; every command that changes what they say
calls it.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.outgoing.overview import Overview, read_overview
from autograder.grading.outgoing.pages import (
    feedback_link,
    index_page,
    report_page,
    similar_page,
    write_page,
)
from autograder.grading.outgoing.tables import EXERCISES, GRADES, write_tables


def update(classroom: Classroom, tables: bool = True) -> Overview:
    """Write the page and, unless `tables` is False, the tables; where the class stands.

    As long as nothing is graded, nothing is written.
    """
    overview = read_overview(classroom)
    if overview.grades and tables:
        write_tables(classroom, overview)
    if overview.grades:
        write_index(classroom, overview)
    return overview


def write_index(classroom: Classroom, overview: Overview) -> Path:
    """Write the page; its path."""
    page = index_page(classroom)
    return write_page(
        "index.html",
        page,
        made=datetime.now(UTC).isoformat(timespec="minutes")[:16].replace("T", " "),
        classroom=classroom.folder.name,
        assignments=[_assignment(classroom, overview, name) for name in overview.grades],
        students=[_student(classroom, overview, student) for student in overview.names],
        left=overview.left,
        tables=[name for name in (GRADES, EXERCISES) if page.with_name(name).is_file()],
    )


def _assignment(classroom: Classroom, overview: Overview, name: str) -> dict[str, Any]:
    report, similar = report_page(classroom, name), similar_page(classroom, name)
    return {
        **vars(overview.summary(name)),
        "report": quote(report.name) if report.is_file() else "",
        "similar": quote(similar.name) if similar.is_file() else "",
    }


def _student(classroom: Classroom, overview: Overview, student: str) -> dict[str, Any]:
    cells = []
    for assignment, found in overview.grades.items():
        score, own = overview.score(student, assignment), found.get(student)
        share = score / own.max_score if own and score is not None and own.max_score else None
        cells.append(
            {
                "status": overview.status(student, assignment),
                "score": score,
                "shade": None if share is None else min(int(4 * share), 4),
                "late": bool(own and own.late),
                "page": feedback_link(classroom, student, NotebookRef(assignment)) if own else "",
            }
        )
    name = overview.names[student]
    return {"id": student, "name": name, "cells": cells, "total": overview.total(student)}
