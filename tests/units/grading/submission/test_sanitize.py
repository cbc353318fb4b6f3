"""What sanitizing does to a notebook that a student changed, moved or forged."""

import copy
import json

import nbformat
from nbformat.v4 import new_code_cell
from tiny import NOTEBOOK, grade_class, hand_in, index_of, solved

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
