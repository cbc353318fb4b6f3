"""Frames between processes: a message arrives as what it was, and anything else is refused."""

import contextlib
import socket
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.examiner import protocol, values, wire
from autograder.examiner.job import Ending, Error, Limits, Output

ERROR = Error("CheckFailed", "wrong", [], {"kind": "values", "yours": ["1", "2"], "known": True})
DESCRIBED = protocol.Described("E", "ValueError", "bad", "", [(1, "f", "x")], ["bad"])
MESSAGES = [
    (protocol.Spawn("student", Limits(cell_seconds=2), True, ["/a"], False), protocol.Spawn),
    (protocol.Ended(), protocol.Status),
    (protocol.Stopped("memory"), protocol.Status),
    (protocol.Failed("no memory"), protocol.Status),
    (protocol.Plan([protocol.Task(0, "judge's setup", "x")], 7, {"f": 0.5}), protocol.ToJudge),
    (protocol.GoOn(), protocol.ToJudge),
    (protocol.Start(3), protocol.FromJudge),
    (
        protocol.Done(
            3, [Output("display_data", {"a/b": "c"})], ERROR, ["x"], Ending("died", "It died.")
        ),
        protocol.FromJudge,
    ),
    (protocol.End(), protocol.FromJudge),
    (protocol.Run("x", "setup", {}), protocol.Request),
    (protocol.Fetch("x"), protocol.Request),
    (protocol.Call(protocol.Reference(1, "f", "student"), [b"1"], b"2", {}), protocol.Request),
    (protocol.Ran([], DESCRIBED), protocol.Answer),
    (protocol.Value(b"1"), protocol.Answer),
    (protocol.Absent(), protocol.Answer),
    (protocol.Refused("why"), protocol.Answer),
    (protocol.Returned(b"1", {0: b"2"}, 0), protocol.Answer),
    (protocol.Raised(DESCRIBED, {}), protocol.Answer),
    (protocol.GaveUp("f"), protocol.Answer),
]


@pytest.mark.parametrize(("message", "kind"), MESSAGES, ids=lambda x: type(x).__name__)
def test_a_message_arrives_as_it_was(message, kind):
    assert wire.unpack(wire.pack(message), kind) == message


@pytest.mark.parametrize(
    "frame",
    [
        values.encode(np.arange(3)),
        values.encode({"type": "End", "more": 1}),
        values.encode({"type": "Start", "index": -1}),
        values.encode({"type": "Start", "index": np.int64(1)}),
        wire.pack(protocol.Value(b"1")),
        b"",
    ],
    ids=["array", "unknown field", "negative", "NumPy scalar", "message of another", "nothing"],
)
def test_the_grading_host_refuses_what_is_not_a_message_of_the_judge(frame):
    with pytest.raises(wire.WireError):
        wire.unpack(frame, protocol.FromJudge)


def test_the_grading_host_refuses_a_model_and_an_array_in_a_finding():
    for value in (np.arange(3), np.float32(1), (1, 2)):
        frame = values.encode({
            "type": "Done", "index": 0, "shown": [], "missing": [], "lost": None,
            "error": {"name": "E", "value": "", "traceback": [], "finding": {"expected": value}},
        })  # fmt: skip
        with pytest.raises(wire.WireError):
            wire.unpack(frame, protocol.FromJudge)


@pytest.mark.parametrize(
    "claim",
    [
        protocol.Ran([Output("display_data", {"a/b": "c"})] * 101, None),
        protocol.Ran([], protocol.Described("E" * 101, "", "", "", [], [])),
        protocol.Ran([], protocol.Described("E", "", "m" * 4001, "", [], [])),
        protocol.Ran([], protocol.Described("E", "", "", "", [], ["line"] * 101)),
        protocol.Ran([], protocol.Described("E", "", "", "", [("1", "f", "x")], [])),
        protocol.Returned(b"", {-1: b""}, None),
        protocol.Returned(b"", {}, -1),
        protocol.Value([1]),
    ],
    ids=["outputs", "name", "text", "lines", "frame", "place", "same", "value"],
)
def test_a_claim_beyond_the_bounds_is_refused(claim):
    with pytest.raises(wire.WireError):
        wire.unpack(wire.pack(claim), protocol.Answer)


def test_a_cell_that_claims_to_show_more_than_is_kept_is_refused():
    half = {"output_type": "display_data", "data": {"a/b": "x" * (protocol.MAX_SHOWN // 2 + 1)}}
    named = {"output_type": "display_data", "data": {"x" * (protocol.MAX_SHOWN + 1): ""}}
    for shown, refused in (([half], False), ([half] * 2, True), ([named], True)):
        frame = values.encode({"type": "Ran", "shown": shown, "error": None})
        with pytest.raises(wire.WireError) if refused else contextlib.nullcontext():
            wire.unpack(frame, protocol.Answer)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(MESSAGES), st.lists(st.tuples(st.integers(0), st.integers(0, 255))))
def test_a_damaged_message_gives_a_message_or_an_error(sent, changes):
    message, kind = sent
    frame = bytearray(wire.pack(message))
    for place, byte in changes:
        frame[place % len(frame)] = byte
    with contextlib.suppress(wire.WireError):
        assert isinstance(wire.unpack(bytes(frame), kind), kind)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_on_the_socket_end_in_an_error_and_not_in_a_wait(content):
    ours, theirs = socket.socketpair()
    theirs.sendall(content)
    theirs.close()
    connection = wire.Connection(ours, protocol.FromJudge)
    with pytest.raises(wire.WireError):
        for _ in range(10):
            connection.receive()
    connection.close()


def test_a_huge_announcement_takes_no_memory():
    ours, theirs = socket.socketpair()
    theirs.sendall(struct.pack(">Q", 2**60))
    with pytest.raises(wire.WireError, match="larger than"):
        wire.Connection(ours, protocol.FromJudge).receive()
    theirs.close()


def test_the_grading_host_loads_neither_tensorflow_nor_what_rebuilds_models():
    code = """
import importlib, pkgutil, sys
from autograder import grading
from autograder.examiner import probes
for module in pkgutil.walk_packages(grading.__path__, "autograder.grading."):
    if "container" not in module.name and "warm_pages" not in module.name:
        importlib.import_module(module.name)
heavy = {"tensorflow", "keras", *(f"autograder.examiner.{x}" for x in ("values", "frameworks"))}
print(*heavy & sys.modules.keys())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
