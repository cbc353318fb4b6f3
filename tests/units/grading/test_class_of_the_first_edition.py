"""A class that the version of Git revision d0655b6 graded, in first_edition.tar.xz, is still one.

It is a class of the tiny course: perfect, half done, wrong, late by a day (which costs a point),
unreadable, blank, and one with points given by hand. They were collected from Moodle. `reports/`
holds what that version wrote.
"""

import csv
import json

import pytest
from tiny import NOTEBOOK, TINY, grade_class, read_first_edition

from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.gradebook.store import points
from autograder.grading.outgoing.canvas import export_canvas
from autograder.grading.outgoing.gradescope.export import export_gradescope
from autograder.grading.outgoing.moodle import export_moodle
from autograder.grading.outgoing.report import write_report
from autograder.grading.outgoing.similar import write_similar
from autograder.grading.outgoing.tables import export_csv

SCORES = {
    "blank-ben-107": 0,
    "half-hana-102": 3,
    "late-lena-104": 4,
    "manual-mia-106": 4.5,
    "perfect-ada-101": 5,
    "unreadable-uwe-105": 0,
    "wrong-wim-103": 0,
}
MIA = "manual-mia-106"


@pytest.fixture
def old(tmp_path):
    return read_first_edition(tmp_path)


def exported(room):
    """What the exports of this version say of each student, as the first edition's said it."""
    _, exercises = export_csv(room, [TINY]).files
    titles = {"id": "student", "points": "score", "of": "max_score", "late penalty": "late_penalty"}
    rows = csv.DictReader(exercises.open(encoding="utf-8-sig"))
    return {row["id"]: {titles.get(k, k): v for k, v in row.items()} for row in rows}


def told(report):
    """What a report says of students and exercises, but for the words and ids of findings.

    The first edition counted what could not be graded as 0 in the class's mean.
    """
    kept = ("id", "score", "status", "hours_late", "notes", "seconds")
    students = [[one[name] for name in kept] for one in report["students"]]
    marks = [(m["score"], m["outcome"]) for s in report["students"] for m in s["marks"].values()]
    exercises = [
        (e["name"], e["outcomes"], e["pass_rate"], [f["students"] for f in e["findings"]])
        for e in report["exercises"]
    ]
    return report["class"], students, marks, exercises


def test_its_report_says_what_it_said(old):
    before = json.loads((old.folder / "reports" / f"{TINY}.json").read_text())
    after = json.loads(write_report(old, TINY).with_suffix(".json").read_text())
    for student in before["students"]:
        if student["status"] == "not gradable":  # which is not a 0 for wrong answers
            student["score"] = None
    assert told(after) == told(before)


def test_its_answers_are_compared(old):
    page, pairs = write_similar(old, TINY)
    assert pairs == 0
    assert page.is_file()


def test_its_grades_are_exported_as_they_were(old):
    before = list(csv.DictReader((old.folder / "reports" / "grades.csv").open()))
    after = exported(old)
    assert {row["student"] for row in before} == {*after}
    for row in before:
        now = after[row["student"]]
        if now["status"] == "not gradable":  # which is not a 0 for wrong answers
            row |= {"score": "", "double": "", "half": ""}
        assert {title: now[title] for title in row} == row
    cells = {name: now["score"] and f"{SCORES[name]:g}" for name, now in after.items()}
    assert [name for name, cell in cells.items() if not cell] == ["unreadable-uwe-105"]
    (canvas,) = export_canvas(old, [TINY], None, None).files
    rows = {row[0]: row[-1] for row in csv.reader(canvas.open())}
    assert {name: rows[name] for name in SCORES} == cells
    grades, feedback = export_moodle(old, [TINY], None).files
    rows = {row[0]: row[-1] for row in csv.reader(grades.open())}
    assert {name: rows[name] for name in SCORES} == cells
    assert feedback.name == f"moodle-{TINY}-feedback.zip"
    export_gradescope(old, [TINY], "visible")
    folder = old.folder / "reports" / "gradescope" / TINY
    results = {path.stem: json.loads(path.read_text()) for path in folder.iterdir()}
    assert {name: result["score"] for name, result in results.items()} == SCORES
    assert "hidden: half" in str(results["manual-mia-106"]["tests"])


def test_it_is_regraded_with_the_same_scores(old):
    before = exported(old), points(old, NOTEBOOK)
    outcomes = grade_class(old, force=True)
    assert {name: outcome.score for name, outcome in outcomes.items()} == SCORES
    assert not any(outcome.changes for outcome in outcomes.values())
    assert (exported(old), points(old, NOTEBOOK)) == before
    with open_gradebook(old) as gradebook:
        assert gradebook.find_grade("test_half", TINY, TINY, MIA).manual_score == 1.5
        comment = gradebook.find_comment("half", TINY, TINY, MIA).comment
    assert comment == "Nearly: divide, and keep the rest."
    assert comment in old.feedback(MIA, NOTEBOOK).read_text()
