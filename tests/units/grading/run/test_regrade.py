"""Grading again: what counts as a change, which release grades whom, and what a regrade says."""

import ast
import io
import re
import shutil
import subprocess

import nbformat
import pytest
from rich.console import Console
from tiny import (
    NOTEBOOK,
    PATIENT,
    TINY,
    add_third,
    change,
    grade_class,
    hand_in,
    index_of,
    mend,
    other_double,
    solved,
)  # fmt: skip

from autograder import imports
from autograder.grading.classroom import GradingError
from autograder.grading.display import print_changes
from autograder.grading.gradebook.connection import open_gradebook
from autograder.grading.submission import version as versions
from autograder.grading.submission.releases import (
    all_releases,
    keep,
    keep_revision,
    made_from,
    today,
)


# --------------------------------------------------------------------------------- what counts
def version(room):
    return versions.version_of(today(room, NOTEBOOK), PATIENT, full=False)


def edit_prose(notebook):
    notebook.cells[0].source = "# Tiny, explained better"


def ask(notebook):
    notebook.cells[0] = nbformat.v4.new_code_cell("lab.predict('a', 'How many?')")


def give_outputs(notebook):
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="new")]


@pytest.mark.parametrize(
    ("alter", "counts"),
    [
        (edit_prose, False),
        (give_outputs, False),
        (ask, False),
        (mend("double", "2 * x", "x + x"), False),  # the reference answer
        (mend("test_half", "math.pi", "math.e"), True),
        (mend("setup", "import math", "import math, cmath"), True),
        (lambda n: n.cells[index_of(n, "test_half")].metadata.nbgrader.update(points=1), True),
        (mend("double", "def double(x)", "def double(x, y=0)"), True),  # the stub
        (lambda n: n.cells[4].update(source="print('another')"), True),  # a demonstration
    ],
)
def test_what_decides_no_verdict_is_no_change(own, alter, counts):
    before = version(own)
    change(own, alter)
    assert (version(own) != before) == counts


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    copy = tmp_path_factory.mktemp("lib") / "autograder"
    return shutil.copytree(versions._PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def package(copied, monkeypatch):
    """A copy of the package, whose code counts; a test that changes it changes it back."""
    monkeypatch.setattr(versions, "_PACKAGE", copied)
    return copied


@pytest.mark.parametrize(
    ("module", "counts"),
    [
        ("lab/checks/zero_insertion.py", True),
        ("lab/trial.py", True),  # through the checks
        ("lab/startup.py", True),  # by import_module
        ("cells.py", True),
        ("examiner/judge.py", True),
        ("examiner/student.py", True),
        ("examiner/engine.py", True),
        ("grading/submission/intake.py", True),
        ("grading/submission/sanitize.py", True),
        ("grading/submission/execution.py", True),
        ("grading/submission/releases.py", True),
        ("grading/gradebook/steps.py", True),
        ("grading/gradebook/pipeline.py", True),
        ("grading/gradebook/store.py", True),
        ("lab/checks/segmentation.py", False),
        ("lab/figures/segmentation.py", False),
        ("examiner/probes.py", False),
        ("grading/gradebook/pages.py", False),
        ("grading/outgoing/report.py", False),
        ("grading/outgoing/canvas.py", False),
        ("grading/run/workers.py", False),
        ("grading/console.py", False),
        ("authoring/build.py", False),
    ],
)
def test_only_code_on_the_way_to_a_verdict_counts(package, own, module, counts):
    change(own, mend("setup", "import math", "from autograder.lab.checks import zero_insertion"))
    before, code = version(own), (package / module).read_text()
    (package / module).write_text(f"{code}\n# changed\n")
    after = version(own)
    (package / module).write_text(code)
    assert (after != before) == counts


def test_imports_outside_the_package_are_not_followed():
    code = ast.parse("import math, keras, tensorflow, scipy.stats\nfrom os import path")
    assert imports.modules(versions._PACKAGE.parent, [code]) == {}


# --------------------------------------------------------------------------------- a mended test
def shown(room, outcomes):
    console = Console(file=io.StringIO(), width=100)
    print_changes(console, room, list(outcomes.values()))
    return console.file.getvalue()


def test_a_mended_test_regrades_says_what_changed_and_keeps_manual_grades(own, released):
    hand_in(own, "ada", solved(released))
    hand_in(own, "ben", solved(released, half="x * 0.5 if x < 100 else 0"))
    hand_in(own, "cem", solved(released, half="x * 0.5 if x < 100 else 0"))
    assert {o.changes for o in grade_class(own).values()} == {None}
    with open_gradebook(own) as gradebook:
        gradebook.find_grade("test_half", TINY, TINY, "cem").manual_score = 1.5
        gradebook.find_comment("half", TINY, TINY, "cem").manual_comment = "close"
        gradebook.db.commit()
    change(own, edit_prose)
    unchanged = grade_class(own)
    assert {o.status for o in unchanged.values()} == {"graded before"}
    assert shown(own, unchanged) == ""
    change(own, mend("test_half", "half(math.pi) ==", "half(200) == 100 and half(math.pi) =="))
    after = grade_class(own)
    text = shown(own, after)
    assert re.search(r"ben +│ ben +│ half +│ 2 +│ 0 +│ +│", text)
    assert re.search(r"cem +│ cem +│ half +│ 2 +│ 0 +│ 1.5 given by hand counts", text)
    assert "Regraded  3; 2 scores changed" in text
    assert "Reasons   tests, limits or grader changed (3)" in text
    assert {s: o.score for s, o in after.items()} == {"ada": 5, "ben": 3, "cem": 4.5}
    assert after["ada"].changes == ()
    changed = {s: [(c.exercise, c.before, c.after, c.manual) for c in after[s].changes]
               for s in ("ben", "cem")}  # fmt: skip
    assert changed == {
        "ben": [("test_half", 2, 0, None)],
        "cem": [("test_half", 2, 0, 1.5)],
    }
    with open_gradebook(own) as gradebook:
        assert gradebook.find_comment("half", TINY, TINY, "cem").manual_comment == "close"
        assert gradebook.find_grade("test_half", TINY, TINY, "cem").needs_manual_grade


def test_a_regrade_says_whose_score_the_late_penalty_changed(own, released):
    config = own.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    hand_in(own, "ada", solved(released), "2026-10-01 10:00:00 UTC")
    hand_in(own, "ben", solved(released), "2026-10-02 10:00:00 UTC")
    assert {o.score for o in grade_class(own).values()} == {5}
    with open_gradebook(own) as gradebook:
        gradebook.update_or_create_assignment(TINY, duedate="2026-10-01 12:00:00 UTC")
    after = grade_class(own, force=True)
    assert {s: o.penalized for s, o in after.items()} == {"ada": None, "ben": (5, 0)}
    text = shown(own, after)
    assert re.search(r"ben +│ ben +│ +│ 5 +│ 0 +│ late penalty taken off", text)
    assert "Regraded  2; 1 score changed" in text


def test_why_someone_is_graded_is_told(own, released):
    def why(**options):
        return {student: outcome.why for student, outcome in grade_class(own, **options).items()}

    hand_in(own, "ada", solved(released))
    hand_in(own, "ben", solved(released))
    assert why() == {"ada": "new", "ben": "new"}
    hand_in(own, "ben", solved(released, half="x"))
    assert why() == {"ada": None, "ben": "handed in again"}
    assert why(students=("ada",), force=True) == {"ada": "on request"}
    assert set(why(full=True).values()) == {"tests, limits or grader changed"}
    assert set(why(full=True).values()) == {None}


# ------------------------------------------------------------------------------ earlier releases
def test_a_submission_is_graded_by_the_release_that_it_was_made_from(own, released):
    keep(own, NOTEBOOK, today(own, NOTEBOOK))
    newer = change(own, other_double)
    wrong = "2 * x + (x == 1) / 2 - (x == 3) * 0"
    hand_in(own, "old", solved(released))
    hand_in(own, "new", solved(newer, double=wrong))
    hand_in(own, "new-but-as-before", solved(newer))
    hand_in(own, "old-and-blank", released)
    outcomes = grade_class(own)
    assert {s: o.score for s, o in outcomes.items()} == {
        "old": 5,
        "new": 5,
        "new-but-as-before": 2,
        "old-and-blank": 0,
    }
    assert "it was made from another release" in outcomes["old"].notes[0]
    assert not any("release" in note for note in outcomes["new"].notes)
    with open_gradebook(own) as gradebook:
        assert gradebook.find_comment("half", TINY, TINY, "old-and-blank").comment == "No response."
    assert {o.status for o in grade_class(own).values()} == {"graded before"}


def test_a_release_without_tags_is_the_same_release(own):
    (now,) = all_releases(own, NOTEBOOK)
    path = own.release_notebook(NOTEBOOK)
    notebook = nbformat.read(path, as_version=4)
    assert [c for c in notebook.cells if "raises-exception" in c.metadata.get("tags", [])]
    for c in notebook.cells:
        c.metadata.pop("tags", None)
    nbformat.write(notebook, path)
    (then,) = all_releases(own, NOTEBOOK)
    assert then.id == now.id


def test_a_release_that_the_class_was_not_given_cannot_be_claimed(own, released):
    newer = change(own, other_double)
    assert newer is not released
    hand_in(own, "claims", solved(released))  # made from what this class never had
    outcome = grade_class(own)["claims"]
    assert outcome.score == 2
    assert "the locked cell `test_double` had been edited; the original counts" in outcome.notes


def test_a_mended_hidden_test_holds_for_earlier_releases_of_the_same_cells(own, released):
    keep(own, NOTEBOOK, today(own, NOTEBOOK))
    change(own, mend("test_half", "half(math.pi)", "half(1 + math.pi - 1)"))
    keep(own, NOTEBOOK, today(own, NOTEBOOK))
    (kept,) = (own.folder / "releases" / TINY).iterdir()
    assert "1 + math.pi" in (kept / "solution.ipynb").read_text()


def test_an_exercise_that_came_later_is_left_to_manual_grading(own, released):
    keep(own, NOTEBOOK, today(own, NOTEBOOK))
    newer = change(own, add_third)
    hand_in(own, "old", solved(released))
    full = solved(newer)
    full.cells[index_of(full, "third")].source = "def third(x):\n    return x / 3"
    hand_in(own, "new", full)
    outcomes = grade_class(own)
    assert {s: (o.score, o.max_score) for s, o in outcomes.items()} == {
        "old": (5, 9),
        "new": (9, 9),
    }
    assert any("`test_third`" in n and "given by hand" in n for n in outcomes["old"].notes)
    with open_gradebook(own) as gradebook:
        missing = gradebook.find_grade("test_third", TINY, TINY, "old")
        assert missing.auto_score is None and missing.needs_manual_grade
        missing.manual_score = 4
        gradebook.db.commit()
    assert grade_class(own, force=True)["old"].score == 9
    graded = nbformat.read(own.autograded("old", NOTEBOOK), as_version=4)
    assert index_of(graded, "test_third")  # where a manual grader finds the box for the points


def test_an_exercise_that_went_does_not_count_and_one_of_other_points_is_graded_by_hand(
    own, released
):
    first = change(own, add_third)
    keep(own, NOTEBOOK, today(own, NOTEBOOK))

    def alter(notebook):
        del notebook.cells[-2:]
        notebook.cells[index_of(notebook, "test_half")].metadata.nbgrader.points = 7
        notebook.cells[index_of(notebook, "test_double")].source += "\nassert double(0) == 0"

    change(own, alter)
    full = solved(first)
    full.cells[index_of(full, "third")].source = "def third(x):\n    return x / 3"
    hand_in(own, "old", full)
    outcome = grade_class(own)["old"]
    assert (outcome.score, outcome.max_score) == (3, 10)
    assert any("`test_third` is not one of the class's" in note for note in outcome.notes)
    assert any("`test_half` is worth 2 points there and 7 here" in n for n in outcome.notes)


def test_a_release_of_a_git_revision_can_be_kept(own, released):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"], ["tag", "term"]):
        subprocess.run([*git, *arguments], cwd=own.root, check=True)
    change(own, other_double)
    keep_revision(own, NOTEBOOK, "term")
    assert made_from(solved(released), all_releases(own, NOTEBOOK)).released == released
    with pytest.raises(GradingError, match="There is no revision gone"):
        keep_revision(own, NOTEBOOK, "gone")
