"""What is read of a submitted file, and in which words it is refused."""

import json
import re

import nbformat
import pytest
from tiny import solved

from autograder.grading.submission.intake import Unreadable, read_submission, submitted_at, time_of


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"my homework", "not JSON"),
        (b"\x00\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a Jupyter notebook"),
        (b'{"cells": 3, "nbformat": 4}', "not a Jupyter notebook"),
        (
            b'{"cells": [{"cell_type": "film", "source": "", "metadata": {}}], "nbformat": 4}',
            "not a Jupyter notebook",
        ),
        (b'{"cells": [], "nbformat": 99, "metadata": {}}', "not a Jupyter notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_in_words(tmp_path, content, says):
    path = tmp_path / "tiny.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=says):
        read_submission(path)


WHOLE = (
    b'{"cells": [{"cell_type": "code", "source": ["a\\n", "b"], "outputs": []}],\n "nbformat": 4}'
)
CONFLICT = b"""{"cells": [
 {"cell_type": "code",
  <<<<<<< HEAD
  "execution_count": 3,
=======
  "execution_count": 7,
>>>>>>> origin/main
  "source": "a"}], "nbformat": 4}"""
WRONG_FILES = {
    "empty": (b"", "is empty: saving or uploading it failed"),
    "blanks": (b" \r\n", "is empty"),
    "zeros": (b"\0" * 5000, "is empty"),
    "conflict": (
        CONFLICT,
        r"conflict markers of Git \(`<<<<<<<` in line 3\).*merge was not finished",
    ),
    "conflict, CRLF": (CONFLICT.replace(b"\n", b"\r\n"), "in line 3"),
    "only a beginning of a conflict": (CONFLICT.replace(b">>>>>>>", b">>"), "not JSON text"),
    "in a string": (WHOLE[:45], "ends in the middle: saving or uploading it was cut off"),
    "between cells": (WHOLE[:77], "ends in the middle"),
    "in a word": (WHOLE[:50] + b"], tr", "ends in the middle"),
    "cut off, then zeros": (WHOLE[:60] + b"\0" * 500, "ends in the middle"),
    "a comma too many": (WHOLE.replace(b"4}", b"4,}"), "not JSON text. Line 2 is wrong"),
    "page": (b"\xef\xbb\xbf\n<!DOCTYPE html><title>Log in</title>", "is a web page"),
    "page without a type": (b"<HTML><body>", "is a web page"),
    "zip": (b"PK\x03\x04and so on", "is a zip archive"),
    "pdf": (b"%PDF-1.7", "is a PDF"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "git lfs pull"),
    "latin-1": (WHOLE.replace(b'"b"', b'"\xe4"'), "not JSON text"),
    "script": (b"# %%\ndef double(x): ...", "not JSON text"),
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_what_is_wrong_with_a_file_is_named_with_the_remedy(tmp_path, case):
    content, says = WRONG_FILES[case]
    (tmp_path / "tiny.ipynb").write_bytes(content)
    with pytest.raises(Unreadable, match=f"^tiny.ipynb .*{says}") as refused:
        read_submission(tmp_path / "tiny.ipynb")
    assert re.search("hand it in again|Hand in the .ipynb file", str(refused.value))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_notebook_in_any_unicode_encoding_is_read(tmp_path, encoding):
    (tmp_path / "tiny.ipynb").write_bytes(WHOLE.decode().encode(encoding))
    assert [c.source for c in read_submission(tmp_path / "tiny.ipynb").cells] == ["a\nb"]


def read(tmp_path, *given):
    (tmp_path / "tiny.ipynb").write_text(json.dumps({"cells": given, "nbformat": 4}))
    notebook = read_submission(tmp_path / "tiny.ipynb")
    return [c.source for c in notebook.cells], notebook.metadata.get("autograder", {})


GOOD = {"cell_type": "code", "source": "x = 1"}
MARKED = {**GOOD, "metadata": {"nbgrader": {"grade_id": "double"}}}


@pytest.mark.parametrize(
    ("odd", "read_as", "note"),
    [
        ({"cell_type": "code"}, [""], "cell 2 of the file holds no text; it counts as empty"),
        ({**GOOD, "source": None}, [""], "cell 2 of the file holds no text; it counts as empty"),
        ({**GOOD, "source": 3.5}, [""], "cell 2 of the file holds no text; it counts as empty"),
        ({**MARKED, "source": None}, [""], "the cell `double` holds no text; it counts as empty"),
        ({**GOOD, "cell_type": "film"}, [], "cell 2 of the file is not a cell of a notebook"),
        ({"source": "x = 2"}, [], "cell 2 of the file is not a cell of a notebook"),
        ("x = 2", [], "cell 2 of the file is not a cell of a notebook"),
        (None, [], "cell 2 of the file is not a cell of a notebook"),
        (
            {**MARKED, "source": "<<<<<<< local\nx = 2\n=======\nx = 3\n>>>>>>> remote"},
            ["<<<<<<< local\nx = 2\n=======\nx = 3\n>>>>>>> remote"],
            "the cell `double` holds conflict markers of Git",
        ),
    ],
)
def test_an_odd_cell_costs_itself_only_and_is_named(tmp_path, odd, read_as, note):
    sources, told = read(tmp_path, GOOD, odd, GOOD)
    assert sources == ["x = 1", *read_as, "x = 1"]
    assert len(told["notes"]) == 1 and note in told["notes"][0]


def test_nothing_is_noted_of_ordinary_cells(tmp_path):
    lines = {**GOOD, "source": ["x = 1\n", "y = 2"], "metadata": None}
    assert read(tmp_path, lines, {**GOOD, "source": []}) == (["x = 1\ny = 2", ""], {})


def test_line_ends_of_other_systems_are_read_as_one_kind(tmp_path):
    assert read(tmp_path, {**GOOD, "source": "x = 1\r\ny = 2\rz = 3"})[0] == ["x = 1\ny = 2\nz = 3"]


def test_of_endless_blank_lines_a_hundred_are_read(tmp_path):
    few = "x = 1" + "\n \t" * 100 + "\ny = 2"
    assert read(tmp_path, {**GOOD, "source": few})[0] == [few]
    many = "x = 1" + "\n \t" * 5000 + "\ny = 2"
    (source,) = read(tmp_path, {**GOOD, "source": many})[0]
    assert source.count("\n") == 101 and source.split() == ["x", "=", "1", "y", "=", "2"]


def test_notes_on_odd_cells_are_few_and_their_names_plain(tmp_path):
    odd = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "<b>\n" * 50}}}
    notes = read(tmp_path, *[odd] * 100)[1]["notes"]
    assert notes[0] == "cell 1 of the file holds no text; it counts as empty"
    assert notes[5:] == ["95 more cells cannot be read as they are"]


def test_a_missing_file_a_folder_and_a_link_are_refused_in_words(tmp_path):
    (tmp_path / "Tiny (1).ipynb").write_text("{}")
    with pytest.raises(Unreadable, match=r"tiny.ipynb is missing.*Tiny \(1\).ipynb"):
        read_submission(tmp_path / "tiny.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    with pytest.raises(Unreadable, match="is a folder"):
        read_submission(tmp_path / "folder.ipynb")
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(Unreadable, match="is a link"):
        read_submission(tmp_path / "link.ipynb")


def test_saved_outputs_of_known_form_are_read_and_nothing_else(tmp_path, released):
    path = tmp_path / "tiny.ipynb"
    figure = {
        "output_type": "display_data",
        "data": {"image/png": "aGk=", "text/plain": ["a", "b"]},
    }
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a demon", "stration\n"]},
        {**figure, "metadata": {"forged": True, "image/png": {"alt": "A line."}}},
        {"output_type": "error", "ename": "Stopped", "evalue": "forged", "traceback": []},
        {"output_type": "stream", "name": "stdout", "text": 3},
        {"output_type": "display_data", "data": {"text/html": {"no": "text"}}},
        {"output_type": "stream", "name": "stdout", "text": "x" * 2**20},
        "no output",
    ]
    notebook = json.loads(nbformat.writes(solved(released)))
    notebook["cells"][4]["outputs"] = outputs
    path.write_text(json.dumps(notebook))
    found = read_submission(path).cells[4].outputs
    assert [o.get("text") or dict(o.data) for o in found] == [
        "a demonstration\n",
        {"image/png": "aGk=", "text/plain": "ab"},
    ]
    assert found[1].metadata == {"image/png": {"alt": "A line."}}


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-09-30 18:00:00 UTC", 18),
        ("2026-09-30 18:00:00.123456 UTC", 18),
        ("2026-09-30 18:00:00", 18),  # as nbgrader takes it
        ("2026-09-30T18:00:00Z", 18),
        ("2026-09-30 18:00:00 +0200", 16),
        ("2026-09-30T18:00:00-07:00", 25),
        ("2026-09-30 18:00:00 Europe/Berlin", 16),
        ("2026-01-30 18:00:00 EST", 23),
    ],
)
def test_a_time_is_read_with_its_zone(text, hour):
    moment = time_of(text)
    assert moment.tzinfo is None and moment.hour == hour % 24


@pytest.mark.parametrize("zone", ["XYZ", "QST", "Nowhere/City"])
def test_a_time_zone_that_is_not_known_is_noted_and_not_taken_for_another(tmp_path, zone):
    (tmp_path / "timestamp.txt").write_text(f"2026-09-30 18:00:00 {zone}")
    with pytest.raises(Unreadable, match=f"the time zone {zone}, which is not known"):
        submitted_at(tmp_path)
