"""The first import says in a live notebook that it takes a while, and nowhere else."""

import os

import nbclient
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.slow

NOTICE = "Loading TensorFlow: the first time takes up to a minute ...\n"


class Listening(nbclient.NotebookClient):
    """Runs a notebook and keeps what its kernel tells a front end to show or to clear."""

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] in ("stream", "clear_output", "display_data"):
            self.told.append(msg["content"].get("text", msg["msg_type"]))
        return super().process_message(msg, cell, cell_index)


def told_and_kept(static, source="from autograder import lab"):
    notebook = new_notebook(cells=[new_code_cell(source)])
    client = Listening(notebook, timeout=600, kernel_name="python3")
    client.told = []
    client.execute(env={**os.environ, "AUTOGRADER_STATIC": static})
    return client.told, notebook.cells[0].outputs


def test_a_live_notebook_says_that_loading_takes_a_while_and_keeps_nothing_of_it():
    assert told_and_kept(static="") == ([NOTICE, "clear_output"], [])


def test_a_static_notebook_says_nothing():
    assert told_and_kept(static="1") == ([], [])


def test_what_is_loaded_already_is_not_announced():
    assert told_and_kept(static="", source="import keras\nfrom autograder import lab") == ([], [])
