"""From sources to notebooks, on a course of one tiny exercise that needs no TensorFlow."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import tiny
from typer.testing import CliRunner

from autograder.authoring import hints, points
from autograder.authoring.build import build, check
from autograder.authoring.rules import source_problems
from autograder.authoring.sources import AuthoringError, assignments, read
from autograder.cli import app
from autograder.grading import demo
from autograder.grading.classroom import Classroom, NotebookRef

ROOT = Path(__file__).parents[3]
NAME = "01-tiny"
SOLUTION, RELEASE = f"solutions/{NAME}/{NAME}.ipynb", f"notebooks/{NAME}/{NAME}.ipynb"


def nbgrader(grade_id, locked=True, points=None, solution=False):
    details = {"grade": points is not None, "grade_id": grade_id, "locked": locked}
    details |= {"schema_version": 3, "solution": solution, "task": False}
    return json.dumps(details if points is None else details | {"points": points})


SETUP = f"""
# %% nbgrader={nbgrader("setup")}
import math

from tinychecks import lab
from tinychecks import tiny as check

unit = 1
"""
EXERCISE = f"""
# %% nbgrader={nbgrader("double", locked=False, solution=True)}
def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    sum_of_both_halves = x + x
    return sum_of_both_halves
    ### END SOLUTION
"""
GRADE = f"""
# %% tags=["raises-exception"] nbgrader={nbgrader("test_double", points=3)}
check.double(double)
### BEGIN HIDDEN TESTS
assert double(math.pi) == 2 * math.pi
### END HIDDEN TESTS
"""
DEMONSTRATION = """
# %%
try:
    shown = double(4)
    print("twice four is", shown)
except NotImplementedError:
    print("not yet")
"""
CLOSING = """
# %%
lab.scoreboard(check)
"""
CLEAN = "# %% [markdown]\n# # Tiny\n" + SETUP + EXERCISE + GRADE
CLEAN += DEMONSTRATION + CLOSING
CHECKS = """
def visible_check(*parameters, points):
    return lambda function: function

@visible_check("x", points=3)
def double(function):
    assert function(2) == 4
    print("right")
"""


def write_course(root, source=CLEAN):
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "pyproject.toml").write_text('[project]\nname = "tiny"\n')
    for folder in ("solutions", f"solutions/{NAME}", "tinychecks"):
        (root / folder).mkdir()
    (root / "solutions" / NAME / "table.csv").write_text("a,b\n1,2\n")
    (root / "solutions" / f"{NAME}.py").write_text(source)
    (root / "tinychecks" / "tiny.py").write_text(CHECKS)
    (root / "tinychecks" / "lab.py").write_text("def scoreboard(check):\n    print('board')\n")
    return root


def messages(problems):
    return "\n".join(map(str, problems))


@pytest.fixture
def judge(tmp_path):
    """Says what is wrong with a source, by the rules that need no building."""
    root = write_course(tmp_path)

    def problems_of(source):
        (root / "solutions" / f"{NAME}.py").write_text(source)
        return messages(source_problems(root, read(root, NAME)))

    return problems_of


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A course that was built; tests that change it take `course`, a copy."""
    root = write_course(tmp_path_factory.mktemp("a course"))
    progress = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root))
        assert build(root, [], progress.append) == []
    (root / "progress").write_text("\n".join(progress))
    return root


@pytest.fixture
def course(built, tmp_path, monkeypatch):
    root = tmp_path / "course"
    shutil.copytree(built, root)
    monkeypatch.setenv("PYTHONPATH", str(root))
    return root


def quiet(line):
    """Takes progress that a test does not look at."""


# What a source may not do


def test_a_clean_source_has_no_problems(judge):
    assert judge(CLEAN) == ""


def test_a_grade_cell_may_not_need_a_name_that_nobody_defines(judge):
    source = CLEAN.replace("check.double(double)", "check.double(doubel)")
    assert "(test_double): needs `doubel`, but no set-up or solution cell defines it" in judge(
        source
    )


def test_a_grade_cell_may_not_need_a_name_of_a_demonstration(judge):
    source = CLEAN.replace(GRADE, "\n# %%\nfactor = 2\n" + GRADE.replace("2 *", "factor *"))
    assert "needs `factor`, but cell 4 (factor = 2) defines it, a demonstration" in judge(source)


def test_a_demonstration_may_not_redefine_what_a_grade_cell_needs(judge):
    source = CLEAN.replace(GRADE, "\n# %%\nmath = None\n" + GRADE)
    assert "needs `math`, but cell 4 (math = None) defines it, a demonstration" in judge(source)


def test_a_grade_cell_may_not_need_what_only_the_reference_solution_defines(judge):
    private = "### BEGIN SOLUTION\n_two = 2\n### END SOLUTION\n"
    source = CLEAN.replace("def double", private + "def double").replace("== 2 *", "== _two *")
    assert "needs `_two`, but it is defined inside a solution region only" in judge(source)


def test_a_solution_may_not_need_a_name_of_a_demonstration(judge):
    source = CLEAN.replace(EXERCISE, "\n# %%\nfactor = 2\n" + EXERCISE.replace("x + x", "factor"))
    assert "(double): needs `factor`, but cell 3 (factor = 2) defines it" in judge(source)


def test_a_solution_may_use_set_up_cells_and_other_solutions(judge):
    other = EXERCISE.replace("double", "triple").replace("x + x", "double(x) + x * unit")
    other = other.replace("sum_of_both_halves", "sum_of_three")
    assert judge(CLEAN.replace(GRADE, other + GRADE)) == ""


def test_a_grade_cell_may_not_leave_a_name_that_a_later_cell_needs(judge):
    source = CLEAN.replace("assert double", "case = 1\nassert double")
    source = source.replace('"twice four is", shown', '"twice four is", shown, case')
    assert "(test_double): leaves `case` behind, which cell 5 (try:) needs" in judge(source)
    assert judge(source.replace("case = 1", "case = 1\ndel case")) == ""


def test_a_grade_cell_may_not_change_a_name_of_a_set_up_cell(judge):
    source = CLEAN.replace("assert double", "unit = 2\nassert double")
    assert "leaves `unit` behind, which cell 2 (setup) defines" in judge(source)


def test_names_that_a_grade_cell_keeps_to_itself_are_fine(judge):
    loop = "for case in [1, 2]:\n    result = double(case)\n    assert result == 2 * case\n"
    assert judge(CLEAN.replace("### END HIDDEN", loop + "### END HIDDEN")) == ""


def test_star_imports_are_refused(judge):
    source = CLEAN.replace("import math", "import math\nfrom math import *")
    assert "(setup): `from math import *` hides which names it defines" in judge(source)


def test_a_cell_that_is_not_python_is_reported_with_its_line(judge):
    source = CLEAN.replace("unit = 1", "unit = = 1")
    line = source.splitlines().index("unit = = 1") + 1
    assert f"line {line} of the source is not Python" in judge(source)


def test_a_grade_cell_needs_its_tag(judge):
    assert 'lacks tags=["raises-exception"]' in judge(
        CLEAN.replace('tags=["raises-exception"]', "")
    )


def test_a_grade_cell_needs_its_exercise(judge):
    source = CLEAN.replace('"grade_id": "test_double"', '"grade_id": "test_triple"')
    assert "(test_triple): no solution cell has the grade id `triple`" in judge(source)


def test_a_grade_id_may_stand_once_only(judge):
    assert "grade id `test_double` is used 2 times" in judge(CLEAN.replace(GRADE, GRADE + GRADE))


def test_points_must_be_those_of_the_check_module(judge):
    source = CLEAN.replace('"points": 3', '"points": 4')
    assert "(test_double): 4 points, but the check module declares 3" in judge(source)


def test_magics_stand_anywhere_in_a_source(judge):
    source = CLEAN.replace("import math\n", "%matplotlib inline\n%time import math\n")
    source = source.replace("check.double", "%%time\n%timeit -n 1 double(unit)\ncheck.double")
    assert judge(source) == ""
    assert "4 points, but the check module" in judge(source.replace('"points": 3', '"points": 4'))
    needs = judge(source.replace("double(unit)", "double(shown)"))
    assert "(test_double): needs `shown`, but cell 5 (try:) defines it" in needs


def test_metadata_that_is_not_an_object_is_refused(judge):
    source = CLEAN.replace(f"nbgrader={nbgrader('setup')}", "nbgrader=3")
    with pytest.raises(AuthoringError, match=r"cell 2 .*metadata is not a JSON object"):
        judge(source)


def test_every_declared_check_needs_a_grade_cell(judge, tmp_path):
    more = CHECKS + '\n@visible_check("x", points=1)\ndef halve(function): ...\n'
    (tmp_path / "tinychecks" / "tiny.py").write_text(more)
    assert "the check module declares `halve`, which no grade cell tests" in judge(CLEAN)


def test_a_check_may_have_another_name_than_its_exercise(judge, tmp_path):
    checks = CHECKS.replace("def double(", "def double_again(")
    checks = checks.replace("points=3)", 'points=3, name="double")').replace(
        "points):", 'points, name=""):'
    )
    (tmp_path / "tinychecks" / "tiny.py").write_text(checks)
    assert "declares" not in judge(CLEAN)


def test_every_grade_cell_needs_a_declared_check(judge, tmp_path):
    (tmp_path / "tinychecks" / "tiny.py").write_text(CHECKS.replace("def double", "def halve"))
    assert "the check module declares no points for `double`" in judge(CLEAN)


HINTS = """
# %% [markdown]
# ### Exercise 1 · `double`
#
# <details><summary>Hint 1</summary>
#
# Add.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Or multiply.
#
# </details>
"""


@pytest.fixture
def judge_hints(judge, tmp_path):
    """Says what is wrong with a table of hints, for a task that has two."""

    def problems_of(table, before=SETUP + HINTS, own=""):
        text = f'[shared]\ntwice = "It is done twice."\n{own}\n[double]\n{table}\n'
        text += 'tripled = "It is tripled."\n'
        (tmp_path / "tinychecks" / "tiny.toml").write_text(text)
        return judge(CLEAN.replace(SETUP, before))

    return problems_of


@pytest.mark.parametrize(
    "table",
    ["", "hints = [[], []]", 'hints = [["tripled", "raises-KeyError"], ["twice", "shape"]]'],
    ids=["none", "no kind", "kinds of its own, of the module, of all and of an error"],
)
def test_hints_may_name_each_kind_that_has_a_sentence_once(judge_hints, table):
    assert judge_hints(table) == ""


def test_hints_may_stand_above_a_set_up_cell(judge_hints):
    assert judge_hints("hints = [[], []]", HINTS + SETUP) == ""


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("hints = [[]]", "should hold 2 lists, one for each hint of the task, but it holds 1."),
        ('hints = [["tripped"], []]', "names the kind `tripped`, which has no sentence here or in"),
        ('hints = [["raises-"], []]', "names the kind `raises-`, which has no sentence here or in"),
        ('hints = [["hints"], []]', "names the kind `hints`, which has no sentence here or in"),
        ('hints = [["shape"], ["shape"]]', "names the kind `shape` 2 times: which hint helps"),
        ('hints = ["shape", "shape"]', "should hold a list of kinds for each hint, such as"),
        ("hints = 2", "should hold a list of kinds for each hint, such as"),
    ],
)
def test_a_table_of_hints_that_does_not_fit_is_refused(judge_hints, table, message):
    said = judge_hints(table)
    assert said.startswith(f"tinychecks/tiny.toml: `hints` of `double` {message}")
    assert len(said.splitlines()) == 1


def test_hints_of_no_task_are_refused(judge_hints):
    assert "`hints` of `shared` should hold 0 lists" in judge_hints("", own="hints = [[]]")
    assert "`hints` of `double` should hold 0 lists" in judge_hints("hints = [[]]", SETUP)


def test_a_table_that_is_not_toml_is_refused(judge_hints):
    assert "tinychecks/tiny.toml: it is not TOML: " in judge_hints("hints = ")


@pytest.mark.parametrize("assignment", assignments(ROOT))
def test_each_exercise_says_which_hint_helps(assignment):
    source = read(ROOT, assignment)
    assert messages(hints.problems(ROOT, source)) == ""
    tables = points.check_module(ROOT, source).with_suffix(".toml").read_text()
    assert tables.count("\nhints = [") == len(points.declared(ROOT, source))


def test_the_last_code_cell_shows_the_scoreboard(judge):
    source = CLEAN.replace(CLOSING, "")
    assert "(try:): the last code cell must call `lab.scoreboard(check)`" in judge(source)


ASKS = """
# %%
lab.predict(
    "four",
    "What is twice `4`?",
    options=[4, 8],
    guess=None,
)
"""
TELLS = """
# %%
try:
    lab.outcome("four", double(4))
except NotImplementedError:
    print("not yet")
"""


@pytest.mark.parametrize(
    ("asks", "tells", "problem"),
    [
        (ASKS, TELLS, ""),
        (ASKS.replace("None", "8"), TELLS, "(lab.predict(): write `guess=None` in it once"),
        (ASKS.replace("    guess=None,\n", ""), TELLS, "write `guess=None` in it once"),
        (ASKS + ASKS, TELLS, "cell 6 (lab.predict(): another prediction has the key 'four'."),
        (ASKS + ASKS[6:], TELLS, "asks several questions"),
        (ASKS, "", "no demonstration below it calls `lab.outcome('four', ...)`."),
        (TELLS, ASKS, "cell 5 (try:): no prediction above it has the key 'four'."),
        (ASKS, TELLS.replace('"four"', "name"), "no prediction above it has the key name."),
        ("", TELLS, "no prediction above it has the key 'four'."),
        (f"{ASKS}print(1)\n", TELLS, "`lab.predict` stands in a cell of its own"),
        (ASKS.replace("options=[4, 8]", "options=sizes"), TELLS, "its arguments are literals"),
        (
            ASKS.replace("# %%", f"# %% nbgrader={nbgrader('setup_ask')}"),
            TELLS,
            "(setup_ask): `lab.predict` stands in a cell of its own, without a grade id",
        ),
        (
            ASKS,
            TELLS.replace("# %%", f"# %% nbgrader={nbgrader('setup_tell')}"),
            "(setup_tell): `lab.outcome` belongs in a demonstration.",
        ),
        (
            ASKS.replace(
                "What is twice", "Is `sum_of_both_halves = x + x; return sum_of_both_halves`"
            ),
            TELLS,
            "(lab.predict(): students would see 2 of 2 lines of",
        ),
    ],
)
def test_a_prediction_stands_alone_and_blank_above_its_outcome(judge, asks, tells, problem):
    found = judge(CLEAN.replace(DEMONSTRATION, asks + tells))
    assert problem in found and bool(problem) == bool(found)


def test_markers_must_pair(judge):
    assert "BEGIN and END SOLUTION do not pair" in judge(CLEAN.replace("BEGIN SOL", "BEGN SOL"))
    assert "BEGIN and END HIDDEN TESTS do not pair" in judge(CLEAN.replace("### END HID", "# HID"))


def test_regions_stand_in_cells_of_their_kind(judge):
    region = "\n# %%\n### BEGIN SOLUTION\nprint(1)\n### END SOLUTION\n"
    assert "SOLUTION region outside a solution cell" in judge(CLEAN.replace(GRADE, region + GRADE))


def test_a_solution_cell_without_region_is_refused(judge):
    source = re.sub(r" *### (BEGIN|END) SOLUTION\n", "", CLEAN)
    assert "no `### BEGIN SOLUTION`: students would get no signature" in judge(source)


def test_a_cell_may_not_show_most_of_a_solution(judge):
    answer = "\n# %% [markdown]\n# Hint: `sum_of_both_halves = x + x`, then\n"
    answer += "# `return sum_of_both_halves`.\n"
    assert "students would see 2 of 2 lines of cell 4 (double)" in judge(
        CLEAN.replace(EXERCISE, answer + EXERCISE)
    )


def test_a_source_installs_from_the_repository_of_the_project_alone(judge):
    install = '\ncourse = "git+https://github.com/other/fork"\nunit = 1'
    assert "`git+https://github.com/other/fork` is not the repository of pyproject.toml" in judge(
        CLEAN.replace("\nunit = 1", install)
    )


def prose(text):
    return "\n# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in text.splitlines())


def test_headings_count_the_exercises_as_the_scoreboard_does(judge):
    assert judge(CLEAN + prose("### Exercise 1 · `double`")) == ""
    assert "`Exercise 2 · `double`` should be `Exercise 1 · `double``" in judge(
        CLEAN + prose("### Exercise 2 · `double`")
    )


@pytest.mark.parametrize("text", ["1*9 + 2*7 = 23", "(a)*(b)*(c)", "two\n\n3**4**5"])
def test_asterisks_of_a_calculation_are_no_emphasis(judge, text):
    assert "Markdown takes asterisks for emphasis" in judge(CLEAN + prose(text))


def test_asterisks_may_mean_emphasis(judge):
    fine = "`1*9 + 2*7`, *word*, **Time**: 2 * 3 * 4 (*here*), *there*.\n\n```\na*b*c\n```"
    assert judge(CLEAN + prose(fine)) == ""


@pytest.mark.parametrize("file", ["tests/benchmarks/bench.py", "solutions/01-tiny.py"])
def test_files_that_students_lack_are_not_named(judge, file):
    assert f"names `{file}`, which students do not have" in judge(CLEAN + prose(f"See {file}."))
    assert "which students do not have" in judge(CLEAN.replace("unit = 1", f"unit = 1  # {file}"))
    hidden = "### BEGIN HIDDEN TESTS"
    assert judge(CLEAN.replace(hidden, f"{hidden}\n# measured by {file}")) == ""


def test_a_notebook_that_is_named_is_linked(judge):
    assert "link `notebook 1`" in judge(CLEAN + prose("As in notebook 1."))
    assert judge(CLEAN + prose("As in [notebook 1](../01-tiny/01-tiny.ipynb).")) == ""


@pytest.mark.parametrize("link", ["../02-other/02-other.ipynb", "../01-tiny.ipynb", "lost.csv"])
def test_links_lead_somewhere(judge, link):
    assert f"the link to `{link}` leads nowhere" in judge(CLEAN + prose(f"[other]({link})"))


def test_links_may_lead_to_files_beside_to_headings_and_out(judge):
    fine = "[a](table.csv) [b](#Exercise-1-·-double) [c](https://example.org/a)"
    assert judge(CLEAN + prose(fine)) == ""


def test_every_notebook_of_the_course_links_those_before_and_after_it():
    names = assignments(ROOT)
    for name, before, after in zip(names, [None, *names], [*names[1:], None], strict=False):
        last = [cell.text for cell in read(ROOT, name).cells][-1]
        for other, label in [(before, "Back"), (after, "Next")]:
            link = f"(../{other}/{other}.ipynb)"
            assert (f"{label}: [" in last and link in last) == (other is not None), name


def test_text_before_the_first_cell_is_refused(judge):
    with pytest.raises(AuthoringError, match="text stands before the first"):
        judge("print(1)\n" + CLEAN)


# What build gives


def code_cells(root, path):
    return [c for c in nbformat.read(root / path, as_version=4).cells if c.cell_type == "code"]


def test_the_solution_notebook_is_executed(built):
    texts = [c.outputs[0].text for c in code_cells(built, SOLUTION) if c.outputs]
    assert texts == ["right\n", "twice four is 8\n", "board\n"]


def test_the_release_has_stubs_and_no_outputs(built):
    cells = {c.id: c for c in code_cells(built, RELEASE)}
    stub = '    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
    assert cells["double"].source == f"def double(x):\n{stub}"
    assert cells["test_double"].source == "check.double(double)"
    assert not any(c.outputs or c.execution_count for c in cells.values())


def test_run_all_goes_on_after_an_answer_that_fails_in_the_release_only(built):
    for path, tags in ((RELEASE, ["raises-exception"]), (SOLUTION, [])):
        (answer,) = [c for c in code_cells(built, path) if c.id == "double"]
        assert answer.metadata.get("tags", []) == tags


def test_generated_notebooks_name_their_source_and_no_machine(built):
    for path in (SOLUTION, RELEASE):
        notebook = nbformat.read(built / path, as_version=4)
        assert notebook.metadata == {
            "autograder": {"generated_from": f"solutions/{NAME}.py"},
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
        assert notebook.cells[0].source.startswith(f"<!-- Generated from solutions/{NAME}.py")
        assert all(
            set(c.metadata) <= {"nbgrader", "tags", "deletable", "editable"} for c in notebook.cells
        )


def test_what_lies_beside_the_notebook_is_released(built):
    files = {p.name for p in (built / "notebooks" / NAME).iterdir()}
    assert files == {f"{NAME}.ipynb", "table.csv"}


def test_the_accepted_points_are_written(built):
    assert points.accepted(built) == {NAME: {"test_double": 3}}


def test_progress_names_each_cell(built):
    assert f"{NAME}: 3/5 cell 4 (test_double) after" in (built / "progress").read_text()


def test_what_a_notebook_writes_does_not_reach_students(course):
    source = CLEAN.replace("unit = 1", 'unit = 1\nopen("weights.bin", "w").close()')
    (course / "solutions" / f"{NAME}.py").write_text(source)
    assert build(course, [], quiet) == []
    assert not list(course.rglob("weights.bin"))


def test_a_cell_that_raises_is_reported_with_its_line_and_nothing_is_written(course):
    before = (course / SOLUTION).read_bytes(), (course / RELEASE).read_bytes()
    source = CLEAN.replace("== 2 * math.pi", "== 3 * math.pi")
    (course / "solutions" / f"{NAME}.py").write_text(source)
    line = source.splitlines().index("assert double(math.pi) == 3 * math.pi") + 1
    [problem] = build(course, [], quiet)
    assert problem.file == f"solutions/{NAME}.py:{line}"
    assert (problem.cell, "AssertionError" in problem.message) == ("cell 4 (test_double)", True)
    assert before == ((course / SOLUTION).read_bytes(), (course / RELEASE).read_bytes())


def test_a_cell_that_kills_the_kernel_is_named(course):
    source = CLEAN.replace("shown = double(4)", "shown = __import__('os')._exit(3)")
    (course / "solutions" / f"{NAME}.py").write_text(source)
    assert "cell 5 (try:): fails when it is executed: Kernel died" in messages(
        build(course, [], quiet)
    )


def test_points_change_only_when_accepted(course):
    source, checks = CLEAN.replace('"points": 3', '"points": 5'), course / "tinychecks" / "tiny.py"
    (course / "solutions" / f"{NAME}.py").write_text(source)
    checks.write_text(CHECKS.replace("points=3", "points=5"))
    refusal = messages(build(course, [], quiet))
    assert "`test_double` has 5 points, accepted were 3" in refusal
    assert f"autograder build {NAME} --accept" in refusal
    assert refusal in messages(check(course, [], quiet))
    assert build(course, [], quiet, accept=True) == []
    assert points.accepted(course) == {NAME: {"test_double": 5}}
    assert check(course, [], quiet) == []


@pytest.mark.slow
def test_stock_nbgrader_releases_the_same_bytes_and_grades_from_the_root(tmp_path, monkeypatch):
    name = "01-zero-insertion"
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for folder in (f"solutions/{name}", f"notebooks/{name}"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    course, release = tmp_path, tmp_path / "notebooks" / name
    released = {p.name: p.read_bytes() for p in release.iterdir()}
    commands = [["generate_assignment", name, "--force"], ["autograde", name]]
    commands += [["generate_feedback", name], ["export", "--to", "demo/grades.csv"]]
    submission = course / "demo" / "submitted" / "ada" / name
    submission.mkdir(parents=True)
    room = Classroom(course, course / "demo")
    notebook = nbformat.read(release / f"{name}.ipynb", as_version=4)
    answers = demo.reference(room, NotebookRef(name))
    del answers["insert_zeros"]  # worth 3 of 40 points; another exercise needs it
    answers["transpose_conv2d"] = answers["stamp"].replace("def stamp", "def transpose_conv2d")
    nbformat.write(demo.fill(notebook, answers), submission / f"{name}.ipynb")
    monkeypatch.setenv("AUTOGRADER_CLASSROOM", "demo")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    for command in commands:
        tiny.nbgrader(course, *command)
    assert {p.name: p.read_bytes() for p in release.iterdir()} == released
    [row] = (course / "demo" / "grades.csv").read_text().splitlines()[1:]
    assert row.split(",")[3] == "ada" and row.endswith("37.0,0.0,37.0,40.0")
    assert (course / "demo" / "feedback" / "ada" / name / f"{name}.html").exists()
    assert not (course / "classroom" / "gradebook.db").exists()


# What the check finds in what is committed


def edit(root, path, change):
    notebook = nbformat.read(root / path, as_version=4)
    change(notebook)
    nbformat.write(notebook, root / path)


def cell_of(notebook, grade_id):
    return next(c for c in notebook.cells if c.id == grade_id)


def test_what_was_just_built_passes(course):
    assert check(course, [], quiet) == []


def test_outputs_of_the_solution_notebook_are_not_compared(course):
    edit(course, SOLUTION, lambda n: cell_of(n, "test_double").outputs[0].update(text="else\n"))
    assert check(course, [], quiet) == []


@pytest.mark.parametrize("path", [SOLUTION, RELEASE])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda n: cell_of(n, "setup").update(source="unit = 2"), "its text is not what"),
        (lambda n: cell_of(n, "test_double").metadata.pop("tags"), "its tags is not what"),
        (lambda n: cell_of(n, "setup").update(id="other"), "its id is not what"),
        (
            lambda n: cell_of(n, "test_double").metadata.nbgrader.update(points=9),
            "its nbgrader met",
        ),
        (lambda n: n.cells.pop(), "has 5 cells where the source gives 6"),
        (lambda n: n.cells.reverse(), "cell 1 (lab.scoreboard(check)): its type is not what"),
    ],
)
def test_a_notebook_that_was_edited_by_hand_is_reported(course, path, change, message):
    edit(course, path, change)
    [problem, *_] = check(course, [], quiet)
    assert problem.file == path and message in str(problem) and "run `make build`" in str(problem)


def test_a_source_that_was_edited_but_not_built_is_reported(course):
    source = course / "solutions" / f"{NAME}.py"
    source.write_text(CLEAN.replace("unit = 1", "unit = 7"))
    found = messages(check(course, [], quiet))
    assert f"{SOLUTION}: cell 2 (setup): its text is not what the source gives" in found
    assert "`unit = 1` where the source gives `unit = 7`" in found
    assert f"{RELEASE}: cell 2 (setup)" in found


def test_a_solution_in_the_release_is_reported(course):
    shutil.copy(course / SOLUTION, course / RELEASE)
    found = messages(check(course, [], quiet))
    assert "students would see `sum_of_both_halves = x + x`, hidden in cell 3 (double)" in found
    assert "students would see `assert double(math.pi) == 2 * math.pi`" in found
    assert "students would see BEGIN SOLUTION" in found
    assert "students would see BEGIN HIDDEN TESTS" in found
    assert f"{RELEASE}: cell 4 (test_double): has outputs" in found


def test_a_solution_in_a_file_beside_the_release_is_reported(course):
    for folder in ("solutions", "notebooks"):
        (course / folder / NAME / "notes.txt").write_text("first: sum_of_both_halves = x + x\n")
    [problem] = check(course, [], quiet)
    assert problem.file == f"notebooks/{NAME}/notes.txt" and "students would see" in problem.message


def test_files_beside_the_notebook_are_compared(course):
    (course / "notebooks" / NAME / "table.csv").write_text("changed\n")
    (course / "notebooks" / NAME / "stray.txt").write_text("stray\n")
    (course / "solutions" / NAME / "new.txt").write_text("new\n")
    found = messages(check(course, [], quiet))
    assert f"notebooks/{NAME}/table.csv: is not the file in solutions/" in found
    assert f"notebooks/{NAME}/stray.txt: is not in solutions/" in found
    assert f"notebooks/{NAME}/new.txt: is missing from the release" in found


def test_missing_and_orphaned_notebooks_are_reported(course):
    (course / RELEASE).unlink()
    shutil.copytree(course / "solutions" / NAME, course / "solutions" / "09-gone")
    shutil.copy(course / SOLUTION, course / "solutions" / NAME / "draft.ipynb")
    found = messages(check(course, [], quiet))
    assert f"{RELEASE}: is missing" in found
    assert "09-gone/01-tiny.ipynb: has no source solutions/09-gone.py" in found
    assert "draft.ipynb: does not belong here" in found


def test_the_readme_names_the_repository_of_the_project(course):
    (course / "README.md").write_text("\nhttps://mybinder.org/v2/gh/other/fork/HEAD\n")
    [problem] = check(course, [], quiet)
    assert problem.file == "README.md:2" and "`mybinder.org/v2/gh/other/fork`" in problem.message


# The command line


def test_the_command_fails_with_messages_and_passes_without(course, monkeypatch):
    monkeypatch.chdir(course / "solutions")
    assert CliRunner().invoke(app, ["build", "--check"]).exit_code == 0
    (course / RELEASE).unlink()
    result = CliRunner().invoke(app, ["build", "--check"])
    assert result.exit_code == 1
    assert f"{RELEASE}: is missing: run `make build`." in result.output


def test_an_unknown_assignment_is_answered_with_those_that_exist(course, monkeypatch):
    monkeypatch.chdir(course)
    result = CliRunner().invoke(app, ["build", "02-typo"])
    assert result.exit_code == 1 and f"there are: {NAME}" in result.output


def test_help_imports_nothing_heavy():
    code = "import sys, autograder.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "nbgrader", "nbformat", "jupytext", "numpy"} & set(run.stdout.split())
