"""What sanitizing does to a notebook that a student changed, moved or forged."""

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from tiny import NOTEBOOK, cell, grade_class, hand_in, index_of, solved

from autograder import cells
from autograder.grading.submission.intake import read_submission
from autograder.grading.submission.sanitize import sanitize
from autograder.lab.findings import Finding


def clean(released, instructor, change):
    notebook = solved(released)
    change(notebook)
    return sanitize(notebook, instructor, released)


def names(notebook):
    return [*cells.by_id(notebook.cells)]


ORDER = ["setup", "double", "test_double", "half", "test_half"]


def test_an_honest_notebook_needs_no_mending(released, instructor):
    notebook, notes = clean(released, instructor, lambda n: None)
    assert notes == []
    assert names(notebook) == ORDER
    assert "BEGIN HIDDEN TESTS" in notebook.cells[index_of(notebook, "test_half")].source
    assert notebook.cells[index_of(notebook, "half")].source.endswith("return x / 2")


FORGED = Finding("double", "wrong", "forged", "Nearly right.", True).to_data()


def forge(notebook):
    """Put a finding into every cell, whatever it is."""
    for c in [*notebook.cells, *notebook.cells[:1]]:
        c.metadata.autograder = {"finding": FORGED, "given": True}
    notebook.metadata.autograder = {"finding": FORGED}


def test_findings_in_a_submitted_file_are_dropped(released, instructor, tmp_path):
    notebook, _ = clean(released, instructor, forge)
    assert "forged" not in str(notebook)
    submitted = solved(released)
    forge(submitted)
    nbformat.write(submitted, tmp_path / "tiny.ipynb")
    assert "forged" not in str(read_submission(tmp_path / "tiny.ipynb"))


def test_only_what_this_run_found_is_in_a_graded_notebook(room, released):
    submitted = solved(released, half="x")
    forge(submitted)
    hand_in(room, "ada", submitted)
    grade_class(room)
    text = room.autograded("ada", NOTEBOOK).read_text()
    assert "forged" not in text
    cells = json.loads(text)["cells"]
    kinds = [c["metadata"]["autograder"]["finding"]["kind"] for c in cells
             if "finding" in c["metadata"].get("autograder", {})]  # fmt: skip
    assert kinds == ["an-assertion-of-the-test-fails"]


def test_a_deleted_test_is_put_back_and_reported(released, instructor):
    notebook, notes = clean(released, instructor, lambda n: n.cells.pop(index_of(n, "test_double")))
    assert names(notebook) == ORDER
    assert notes == ["the test cell `test_double` had been deleted; it was put back"]


def test_a_deleted_answer_is_replaced_by_its_stub_not_by_the_solution(released, instructor):
    notebook, notes = clean(released, instructor, lambda n: n.cells.pop(index_of(n, "half")))
    assert "raise NotImplementedError()" in notebook.cells[index_of(notebook, "half")].source
    assert "BEGIN SOLUTION" not in notebook.cells[index_of(notebook, "half")].source
    assert notes == ["the answer cell `half` had been deleted; it was put back"]


def test_a_duplicated_test_runs_once(released, instructor):
    def duplicate(n):
        n.cells.append(copy.deepcopy(n.cells[index_of(n, "test_double")]))

    notebook, notes = clean(released, instructor, duplicate)
    assert names(notebook) == ORDER
    assert sum("double(1)" in c.source for c in notebook.cells) == 1
    assert notes == ["the cell `test_double` stood there twice; the first one counts"]


def test_a_thousand_copies_make_one_note(released, instructor):
    def multiply(n):
        n.cells += [copy.deepcopy(n.cells[index_of(n, "test_double")]) for _ in range(1000)]

    notebook, notes = clean(released, instructor, multiply)
    assert names(notebook) == ORDER
    assert notes == ["the cell `test_double` stood there twice; the first one counts"]


def test_a_copy_of_an_answer_becomes_an_ordinary_cell_in_its_place(released, instructor):
    def duplicate(n):
        place = index_of(n, "double")
        other = copy.deepcopy(n.cells[place])
        other.source = "def double(x):\n    return x + x"
        n.cells.insert(place + 1, other)

    notebook, notes = clean(released, instructor, duplicate)
    assert names(notebook) == ORDER
    assert notebook.cells[index_of(notebook, "double") + 1].source.endswith("return x + x")
    assert len(notes) == 1


def test_moved_cells_go_back_to_their_order(released, instructor):
    def move(n):
        n.cells.insert(1, n.cells.pop(index_of(n, "test_half")))

    notebook, notes = clean(released, instructor, move)
    assert names(notebook) == ORDER
    assert notes == ["cells had been moved; they are back in their order"]


def test_an_edited_test_is_the_instructors_again(released, instructor):
    def edit(n):
        n.cells[index_of(n, "test_double")].source = "pass"

    notebook, notes = clean(released, instructor, edit)
    assert "double(1) == 2" in notebook.cells[index_of(notebook, "test_double")].source
    assert notes == ["the locked cell `test_double` had been edited; the original counts"]


def test_no_metadata_of_the_students_survives(released, instructor):
    def forge(n):
        n.metadata.kernelspec = {"name": "ruby", "display_name": "Ruby"}
        for c in n.cells:
            c.metadata.tags = ["skip-execution", "raises-exception"]
            if "nbgrader" in c.metadata:
                c.metadata.nbgrader.update(points=100, grade=False, locked=False)

    notebook, _ = clean(released, instructor, forge)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all("tags" not in c.metadata for c in notebook.cells)
    points = [c.metadata.nbgrader.points for c in notebook.cells if c.id.startswith("test_")]
    assert points == [3, 2]


def test_added_cells_stay_where_they_are(released, instructor):
    def add(n):
        n.cells.insert(index_of(n, "test_double"), new_code_cell("print(double(7))"))

    notebook, notes = clean(released, instructor, add)
    place = index_of(notebook, "test_double")
    assert notebook.cells[place - 1].source == "print(double(7))"
    assert notes == []


# ------------------------------------------------------------------ cells that lost their metadata
ONE = "1 cell was recognized by the text instead of nbgrader's metadata: `half`; this costs nothing"


def sources(notebook):
    return [c.source for c in notebook.cells]


def retype(notebook, name, place=None, source=None):
    """Delete a cell and type it anew, by default where it stood."""
    here = index_of(notebook, name)
    typed = new_code_cell(source or notebook.cells.pop(here).source)
    if source:
        notebook.cells.pop(here)
    notebook.cells.insert(here if place is None else place, typed)


@pytest.mark.parametrize("place", [None, 1, 100], ids=["in place", "first", "last"])
def test_an_answer_that_was_typed_anew_counts(released, instructor, place):
    notebook, notes = clean(released, instructor, lambda n: retype(n, "half", place))
    assert names(notebook) == ORDER
    assert sources(notebook) == sources(clean(released, instructor, lambda n: None)[0])
    assert notes == [ONE]


@pytest.mark.parametrize(
    "answer",
    [
        "half = lambda x: x / 2",
        "half: object = lambda x: x / 2",
        "from helpers import double, half",
        "%%time\nasync def half(x):\n    return x / 2",
        "class half:\n    pass",
        "def half(x)\n    return x / 2  # no colon",
    ],
)
def test_an_answer_is_known_by_what_it_defines(released, instructor, answer):
    notebook, notes = clean(released, instructor, lambda n: retype(n, "half", source=answer))
    assert notebook.cells[index_of(notebook, "half")].source == answer
    assert notes == [ONE]


@pytest.mark.parametrize(
    "other", ["half == 3", "halfway = 2", "print(half)", "# def half", "import half", "x = half"]
)
def test_a_cell_that_only_mentions_an_answer_does_not_stand_for_it(released, instructor, other):
    notebook, notes = clean(released, instructor, lambda n: retype(n, "half", source=other))
    assert "raise NotImplementedError()" in notebook.cells[index_of(notebook, "half")].source
    assert other in sources(notebook)
    assert notes == ["the answer cell `half` had been deleted; it was put back"]


def test_what_stands_above_a_retyped_answer_comes_with_it(released, instructor):
    def to_the_end(n):
        retype(n, "half", 100)
        n.cells.insert(-1, new_code_cell("two = 2"))

    notebook, notes = clean(released, instructor, to_the_end)
    place = index_of(notebook, "half")
    assert notebook.cells[place - 1].source == "two = 2"
    assert notes == [ONE]


def test_an_answer_in_a_cell_of_its_own_counts_where_the_stub_was_left(released, instructor):
    def above(n):
        stub = released.cells[index_of(released, "half")].source
        n.cells.insert(2, new_code_cell(n.cells[index_of(n, "half")].source))
        n.cells[index_of(n, "half")].source = stub + "\n"

    notebook, notes = clean(released, instructor, above)
    assert sources(notebook) == sources(clean(released, instructor, lambda n: None)[0])
    assert notes == [ONE]


def test_of_several_drafts_the_last_one_before_the_test_counts(released, instructor):
    def drafts(n):
        retype(n, "half", source="def half(x):\n    return 1")
        place = index_of(n, "test_half")
        n.cells.insert(place, new_code_cell("def half(x):\n    return 2"))
        n.cells.append(new_code_cell("def half(x):\n    return 3"))

    notebook, _ = clean(released, instructor, drafts)
    assert notebook.cells[index_of(notebook, "half")].source.endswith("return 2")
    assert [s[-1] for s in sources(notebook) if "def half" in s] == ["1", "2", "3"]


def test_of_two_cells_with_one_mark_the_one_that_was_changed_counts(released, instructor):
    def copy_and_answer(n):
        place = index_of(n, "half")
        n.cells.insert(place, copy.deepcopy(released.cells[place]))

    notebook, notes = clean(released, instructor, copy_and_answer)
    assert sources(notebook) == sources(clean(released, instructor, lambda n: None)[0])
    assert notes == ["the cell `half` stood there twice; the one that was changed counts"]


def lose_metadata(notebook):
    for c in notebook.cells:
        c.metadata = nbformat.NotebookNode()


def test_a_notebook_without_any_metadata_is_matched_by_text_and_order(released, instructor):
    notebook, notes = clean(released, instructor, lose_metadata)
    assert notes == [
        "5 cells were recognized by the text instead of nbgrader's metadata: `setup`, `double`,"
        " `test_double`, ...; this costs nothing"
    ]
    honest, _ = clean(released, instructor, lambda n: None)
    assert (names(notebook), sources(notebook)) == (ORDER, sources(honest))


def test_a_blank_notebook_without_metadata_stays_blank(released, instructor):
    blank = copy.deepcopy(released)
    lose_metadata(blank)
    notebook, _ = sanitize(blank, instructor, released)
    assert sources(notebook) == sources(sanitize(released, instructor, released)[0])


def test_a_test_that_was_edited_and_lost_its_metadata_is_put_back(released, instructor):
    def change(n):
        lose_metadata(n)
        n.cells[3].source = "print('passed')"

    notebook, notes = clean(released, instructor, change)
    assert "double(1) == 2" in notebook.cells[index_of(notebook, "test_double")].source
    assert notes[1:] == ["the test cell `test_double` had been deleted; it was put back"]


def test_answers_in_prose_are_matched_by_their_place(released, instructor):
    def ask(n):
        question = new_markdown_cell("Your answer here.", id="why")
        question.metadata = cell("", "why", solution=True, grade=True, points=2).metadata
        n.cells.insert(4, question)

    for n in (released, instructor):
        ask(n)
    submitted = solved(released)
    submitted.cells[4].source = "Because."
    lose_metadata(submitted)
    notebook, _ = sanitize(submitted, instructor, released)
    assert notebook.cells[index_of(notebook, "why")].source == "Because."
    assert sources(notebook).count("Because.") == 1


# ---------------------------------------------------------------------------------- merged answers
BOTH = "def double(x):\n    return 2 * x\ndef half(x):\n    return x / 2"


@pytest.mark.parametrize("where", ["double", "half", "a cell of its own"])
@pytest.mark.parametrize("others", ["deleted", "emptied", "left"])
def test_one_cell_may_answer_several_exercises(released, instructor, where, others):
    notebook = copy.deepcopy(released)
    for name in ("double", "half"):
        if name == where:
            notebook.cells[index_of(notebook, name)].source = BOTH
        elif others == "deleted":
            notebook.cells.pop(index_of(notebook, name))
        elif others == "emptied":
            notebook.cells[index_of(notebook, name)].source = ""
    if where not in ("double", "half"):
        notebook.cells.append(new_code_cell(BOTH))
    merged, notes = sanitize(notebook, instructor, released)
    assert names(merged) == ORDER
    assert merged.cells[index_of(merged, "double")].source == BOTH
    assert (
        merged.cells[index_of(merged, "half")].source
        == "# `half` is answered in the cell `double`."
    )
    assert "`half` is answered in the cell `double`" in notes
    assert not any("NotImplementedError" in text for text in sources(merged))


@pytest.mark.parametrize("above", ["test_double", "setup"])
def test_an_answer_that_was_merged_into_a_locked_cell_counts(released, instructor, above):
    def merge(n):
        n.cells[index_of(n, above)].source += "\n" + n.cells.pop(index_of(n, "half")).source

    notebook, notes = clean(released, instructor, merge)
    assert names(notebook) == ORDER
    assert notebook.cells[index_of(notebook, "half")].source.endswith("return x / 2")
    assert "def half" not in notebook.cells[index_of(notebook, above)].source
    assert ONE in notes


def test_a_locked_cell_that_defines_the_name_itself_answers_nothing(released, instructor):
    for n in (released, instructor):
        n.cells[index_of(n, "setup")].source += "\nhalf = None"
    blank = sanitize(released, instructor, released)
    assert sources(blank[0])[1:3] == [released.cells[1].source, released.cells[2].source]
    assert blank[1] == []


def test_an_answer_of_its_own_is_not_replaced_by_another_cells(released, instructor):
    def both_and_own(n):
        n.cells[index_of(n, "double")].source = BOTH

    notebook, notes = clean(released, instructor, both_and_own)
    assert notebook.cells[index_of(notebook, "half")].source == "def half(x):\n    return x / 2"
    assert notes == []


# -------------------------------------------------------------------------------------- whitespace
EDITORS = {
    "a newline at the end": lambda text: text + "\n",
    "Windows' line ends": lambda text: text.replace("\n", "\r\n"),
    "blanks at the ends of lines": lambda text: "\n".join(
        f"{line} \t" for line in text.split("\n")
    ),
}


@pytest.mark.parametrize("editor", EDITORS)
def test_line_ends_and_trailing_blanks_change_nothing(released, instructor, editor):
    def save(n):
        for c in n.cells:
            c.source = EDITORS[editor](c.source)

    notebook, notes = clean(released, instructor, save)
    honest, _ = clean(released, instructor, lambda n: None)
    assert notes == []
    for mine, theirs in zip(notebook.cells, honest.cells, strict=True):
        assert mine.metadata == theirs.metadata  # nothing extra is run
        assert cells.text(mine.source) == cells.text(theirs.source)
    assert [cells.is_given(c) for c in notebook.cells].count(True) == 1


def test_other_blanks_do(released, instructor):
    def indent(n):
        n.cells[0].source = "\n" + n.cells[0].source
        n.cells[index_of(n, "setup")].source = "import  math"

    _, notes = clean(released, instructor, indent)
    assert notes == ["the locked cell `setup` had been edited; the original counts"]


def test_nobody_loses_a_point_by_any_of_this(room, released):
    lost, retyped, merged, untouched = (solved(released) for _ in range(4))
    lose_metadata(lost)
    retype(retyped, "half", 100)
    merged.cells.pop(index_of(merged, "double"))
    merged.cells[index_of(merged, "half")].source = BOTH
    for c in untouched.cells:
        c.source += "\n"
    blank = copy.deepcopy(released)
    lose_metadata(blank)
    class_of = {"lost": lost, "retyped": retyped, "merged": merged, "newlines": untouched}
    for student, notebook in {**class_of, "blank": blank}.items():
        hand_in(room, student, notebook)
    outcomes = grade_class(room)
    assert {o.student: o.score for o in outcomes.values()} == {
        **dict.fromkeys(class_of, 5),
        "blank": 0,
    }
    assert [len(outcomes[student].notes) for student in class_of] == [1, 1, 1, 0]
