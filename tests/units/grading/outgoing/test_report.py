"""The report of a graded class: what tests said, statistics of exercises, whom to talk to."""

import base64
import hashlib
import json
import shutil

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from tiny import TINY, grade_class, hand_in, solved

from autograder.grading.classroom import Classroom, GradingError, NotebookRef
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.outgoing.marks import Class, Exercise, Mark, Submission
from autograder.grading.outgoing.report import summarize, write_report
from autograder.lab.findings import Finding

HOSTILE = "<img src=x onerror=alert(1)>"
QUOTED = f"`{HOSTILE}`"


# ---------------------------------------------------------------------------------- statistics
A, B, C = (Exercise(name, f"test_{name}", 2.0, name, "", "") for name in "abc")


def submission(student, *scores, late=0.0):
    """Points for a, b, c; None is not attempted."""
    marks = {
        e.name: Mark(s or 0.0, "not attempted" if s is None else "right" if s == 2 else "wrong")
        for e, s in zip((A, B, C), scores, strict=True)
    }
    total = sum(mark.score for mark in marks.values())
    return Submission(student, total, late, True, (), 1.5, marks, {})


def summary(*submissions, absent=()):
    return summarize(Class(NotebookRef("a1"), [A, B, C], list(submissions), list(absent)))


def talk(*submissions):
    return {s["id"]: s["talk"] for s in summary(*submissions)["students"] if s["talk"]}


def test_pass_rate_difficulty_and_discrimination_are_those_of_the_textbook():
    found = summary(
        submission("s1", 2, 2, 2), submission("s2", 2, 1, 0), submission("s3", 0, 0, 0),
        submission("s4", 2, 0, 0),
    )["exercises"][0]  # fmt: skip
    assert found["pass_rate"] == 0.75
    assert found["difficulty"] == 0.75
    by_hand = np.corrcoef([2, 2, 0, 2], [4, 1, 0, 0])[0, 1]
    assert found["discrimination"] == pytest.approx(by_hand)


def test_students_with_findings_of_one_kind_are_counted_together():
    found = [("Tripled in 3 entries.", "tripled"), ("Tripled.", "tripled"), ("Tripled.", "tripled")]
    group = [submission(f"s{n}", 0, 2, 2) for n in range(4)]
    for own, (sentence, kind) in zip(group, [*found, ("Another.", "values")], strict=True):
        finding = Finding("a", "wrong", kind, sentence, kind == "tripled")
        own.marks["a"] = Mark(0.0, "wrong", finding)
    assert summary(*group)["exercises"][0]["findings"] == [
        {"id": "tripled", "says": "Tripled.", "recognized": True, "students": ["s0", "s1", "s2"]},
        {"id": "values", "says": "Another.", "recognized": False, "students": ["s3"]},
    ]


def test_an_exercise_that_all_pass_has_no_discrimination():
    found = summary(*(submission(f"s{n}", 2, n % 3, 0) for n in range(5)))["exercises"]
    assert found[0]["discrimination"] is None
    assert found[0]["pass_rate"] == 1


def test_broken_submissions_count_in_the_class_and_not_in_the_exercises():
    broken = Submission("s2", 0.0, 0.0, False, ("It is not a notebook.",), None, {}, {})
    found = summary(submission("s1", 2, 2, 2), broken)
    assert found["class"]["broken"] == 1
    assert found["exercises"][0]["pass_rate"] == 1
    assert found["scores"]["mean"] == found["scores"]["quartiles"][1] == 6
    assert sum(bar["students"] for bar in found["scores"]["histogram"]) == 1
    assert found["students"][1]["talk"] == ["Nothing could be graded. It is not a notebook."]


def test_a_class_of_broken_submissions_has_no_scores():
    found = summary(Submission("s2", 0.0, 0.0, False, ("It is not a notebook.",), None, {}, {}))
    assert found["scores"]["mean"] is None and found["scores"]["quartiles"] is None


def test_every_student_stands_in_one_bar():
    found = summary(*(submission(f"s{n}", n, 0, 0) for n in (0, 1, 2)), submission("s", 2, 2, 2))
    bars = found["scores"]["histogram"]
    assert sum(bar["students"] for bar in bars) == 4
    assert bars[-1] == {"from": pytest.approx(5.4), "to": 6, "students": 1}


def test_nobody_is_to_be_talked_to_in_a_class_without_trouble():
    assert talk(submission("s1", 2, 2, 2), submission("s2", 2, 2, 0)) == {}


def test_reasons_to_talk_are_sentences():
    found = talk(
        *(submission(f"good{n}", 2, 2, 2) for n in range(5)),
        submission("blank", None, None, None),
        submission("half", 2, None, None),
        submission("gaps", None, 2, 2),
        submission("late", 2, 2, 2, late=21.6),
        submission("later", 2, 2, 2, late=72),
        submission("just", 2, 2, 2, late=0.2),
    )
    assert found == {
        "blank": ["Nothing is attempted."],
        "half": [
            "Stopped half-way: nothing from b on is attempted.",
            "Far below the class: 2 points; half of the class has 6 or more.",
        ],
        "gaps": ["1 of 3 exercises not attempted."],
        "late": ["Handed in 22 hours late."],
        "later": ["Handed in 3 days late."],
        "just": ["Handed in 12 minutes late."],
    }


# ----------------------------------------------------------------------------- a class, end to end
@pytest.fixture(scope="module")
def graded_room(tiny_course, tmp_path_factory):
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    released = nbformat.read(tiny_course / "notebooks/tiny/tiny.ipynb", as_version=4)
    in_time, late = "2026-10-01 10:00:00 UTC", "2026-10-02 10:00:00 UTC"
    hand_in(room, "ada", solved(released), in_time)
    hand_in(room, "ben", released, in_time)
    hand_in(room, "cy", solved(released, double="x + 1"), late)
    hand_in(room, "dora", solved(released, half=f"{{}}[{QUOTED!r}]"), in_time)
    hand_in(room, HOSTILE, solved(released, double="x + 1"), in_time)
    hand_in(room, "zoe", b"no notebook", in_time)
    with open_gradebook(room) as gradebook:
        gradebook.add_student("yves")
    grade_class(room)
    with open_gradebook(room) as gradebook:
        gradebook.update_or_create_assignment(TINY, duedate="2026-10-01 12:00:00 UTC")
    return room


@pytest.fixture(scope="module")
def graded(graded_room):
    page = write_report(graded_room, TINY)
    return page.read_text(), json.loads(page.with_suffix(".json").read_text())


def test_the_data_say_who_got_what_and_why(graded):
    _, data = graded
    assert data["class"] == {
        "handed_in": 6, "graded": 5, "broken": 1, "blank": 1, "late": 1, "absent": ["yves"],
    }  # fmt: skip
    students = {s["id"]: s for s in data["students"]}
    assert students["ada"]["score"] == 5
    assert (students["zoe"]["score"], students["zoe"]["status"]) == (None, "not gradable")
    assert students["cy"]["marks"]["double"] == {
        "score": 0, "outcome": "wrong", "finding": "hidden-double",
    }  # fmt: skip
    assert students["dora"]["marks"]["half"]["outcome"] == "raises"
    assert students["ben"]["marks"]["half"]["outcome"] == "not attempted"
    assert data["exercises"][0]["findings"][0]["students"] == [HOSTILE, "cy"]
    assert all(s["talk"] for name, s in students.items() if name in ("ben", "cy", "zoe"))


def test_the_time_of_grading_is_recorded(graded):
    _, data = graded
    timed = [s["seconds"] for s in data["students"] if s["status"] == "graded"]
    assert all(seconds > 0 for seconds in timed) and len(timed) == 5
    assert data["seconds"]["total"] == pytest.approx(sum(timed), abs=0.1)


def test_what_students_wrote_is_text_on_the_page(graded):
    page, _ = graded
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all("img")
    assert HOSTILE in soup.get_text()
    assert "It raises KeyError" in soup.get_text()


def test_what_stands_in_backquotes_is_code(graded):
    soup = BeautifulSoup(graded[0], "html.parser")
    assert HOSTILE in [code.get_text() for code in soup.select("td code")]


def test_the_page_allows_its_own_script_and_no_other(graded):
    soup = BeautifulSoup(graded[0], "html.parser")
    (policy,) = soup.select("meta[http-equiv='Content-Security-Policy']")
    (script,) = soup.find_all("script")
    digest = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy["content"]
    assert "default-src 'none'; img-src data:;" in policy["content"]


def test_the_page_needs_nothing_else_and_its_figures_have_words(graded):
    page, _ = graded
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all(["link", "iframe"]) and not soup.find_all(src=True)
    figures = soup.find_all("svg", role="img")
    assert len(figures) == 3  # the scores, and each exercise
    assert figures[1].title.get_text() == "2 right, 0 partly, 2 wrong, 1 not attempted"
    for table in soup.find_all("table"):
        assert all(heading.get("scope") for heading in table.find_all("th"))


def test_what_nbgrader_itself_graded_is_reported_too(graded_room, tmp_path):
    room = Classroom(graded_room.root, tmp_path / "class")
    shutil.copytree(graded_room.folder, room.folder)
    for path in room.folder.glob("autograded/*/tiny/tiny.ipynb"):
        notebook = json.loads(path.read_text())
        del notebook["metadata"]["autograder"]  # only `autograder grade` leaves a stamp
        path.write_text(json.dumps(notebook))
    data = json.loads(write_report(room, TINY).with_suffix(".json").read_text())
    assert data["seconds"] is None
    assert {s["id"]: s["score"] for s in data["students"]}["ada"] == 5


def test_a_class_graded_by_a_version_without_findings_is_reported(graded_room, tmp_path):
    room = Classroom(graded_room.root, tmp_path / "class")
    shutil.copytree(graded_room.folder, room.folder)
    for path in room.folder.glob("autograded/*/tiny/tiny.ipynb"):
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            cell["metadata"].pop("autograder", None)
        path.write_text(json.dumps(notebook))
    data = json.loads(write_report(room, TINY).with_suffix(".json").read_text())
    assert data["exercises"][0]["findings"] == [
        {
            "id": "earlier",
            "says": "hidden: double",
            "recognized": False,
            "students": [HOSTILE, "cy"],
        }
    ]
    marks = {s["id"]: s["marks"] for s in data["students"]}
    assert marks["cy"]["double"]["outcome"] == "wrong"
    assert marks["ben"]["half"]["outcome"] == "not attempted"


def test_a_class_that_is_not_graded_is_told_what_to_do(room):
    with pytest.raises(GradingError, match="autograder grade tiny"):
        write_report(room, TINY)
    with pytest.raises(GradingError, match="no assignment nothing"):
        write_report(room, "nothing")
