"""What is read of a submitted file, and in which words it is refused."""

import json

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
        (b'{"cells": [{"cell_type": "code"}], "nbformat": 4}', "not a Jupyter notebook"),
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
