"""What a notebook says while it runs, and what stays of it: in a live kernel and in others."""

import os

import nbclient
import nbformat
import pytest

pytestmark = pytest.mark.notebooks

STUB = "def insert_zeros(x, stride):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
CELLS = {
    "setup": """
import keras
import numpy as np
from autograder import lab
from autograder.lab.checks import zero_insertion as check

x = np.ones((64, 2), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", loss="mse")""",
    "stub": STUB,
    "open": "check.insert_zeros(insert_zeros)",
    "wrong": "check.stamp(lambda x, kernel, stride: x)",
    "fit": """
print("before")
for _ in lab.progress.each(range(2), "training"):
    model.fit(x, x[:, :1], epochs=3, verbose=0, callbacks=[lab.progress.epochs()])
print("after")""",
    "loop": """
for _ in lab.progress.each(iter("abc"), "step", total=3):
    lab.progress.loss(model(x[:1])[0, 0])""",
    "interrupted": """
for _ in lab.progress.each(range(3)):
    raise KeyboardInterrupt""",
    "board": "lab.scoreboard(check)",
}


def run(**environment):
    """The outputs of each cell, and all that was ever put into the lines of progress."""
    written = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=written)
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", allow_errors=True
    )
    lines = {name: [] for name in CELLS}
    process = client.process_message

    def listen(message, cell, index):
        if message["msg_type"] in ("display_data", "update_display_data"):
            lines[list(CELLS)[index]].append(message["content"]["data"]["text/plain"])
        return process(message, cell, index)

    client.process_message = listen
    client.execute(env={**os.environ, "AUTOGRADER_STATIC": "", **environment})
    return dict(zip(CELLS, [cell.outputs for cell in written], strict=True)), lines


@pytest.fixture(scope="module")
def live():
    return run()


@pytest.fixture(scope="module", params=["AUTOGRADER_STATIC=1", "NBGRADER_EXECUTION=autograde"])
def unseen(request):
    return run(**dict([request.param.split("=")]))


def test_an_open_exercise_is_a_note_that_earns_nothing_and_no_error(live):
    line, note = live[0]["open"]
    said = "○ insert_zeros: not attempted yet (open)."
    assert line.data == {"text/plain": said, "text/html": ""}
    assert (note.output_type, note.data["text/plain"]) == ("execute_result", "0")
    assert f">{said}</span>" in note.data["text/html"]
    assert "○ not attempted" in live[0]["board"][0].data["text/plain"]


def test_a_wrong_answer_is_an_error(live):
    (error,) = live[0]["wrong"]
    assert error.ename == "CheckFailed" and "stamp: not right yet" in error.evalue


def test_an_open_exercise_is_an_error_where_nobody_looks(unseen):
    (error,) = unseen[0]["open"]
    assert error.ename == "NotAttempted"


def test_a_training_shows_one_line_that_is_gone_at_the_end(live):
    outputs, lines = live
    assert lines["fit"][:2] == ["training 1 of 2", "training 1 of 2, epoch 1 of 3"]
    assert lines["fit"][-1] == ""
    printed = [o.text for o in outputs["fit"] if o.output_type == "stream"]
    assert "".join(printed) == "before\nafter\n"
    (line,) = [o for o in outputs["fit"] if o.output_type == "display_data"]
    assert line.data == {"text/plain": "", "text/html": ""}
    assert lines["loop"] == ["step 1 of 3", ""]


def test_an_interrupted_cell_leaves_no_line(live):
    outputs, lines = live
    assert lines["interrupted"] == ["step 1 of 3", ""]
    assert [o.output_type for o in outputs["interrupted"]] == ["display_data", "error"]


def test_no_training_shows_anything_where_nobody_looks(unseen):
    outputs, lines = unseen
    assert lines["fit"] == lines["loop"] == []
    assert "".join(o.text for o in outputs["fit"]) == "before\nafter\n"
    assert outputs["loop"] == []
