"""The student's process: runs cells in a shell and calls functions when the judge asks.

Everything that it sends is a claim. It holds no test, no expected value and no verdict.
"""

import builtins
import socket
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.examiner import wire
from autograder.examiner.shell import Shell, own_frames
from autograder.examiner.wire import whole

_MAX_TEXT = 4000


def serve(descriptor: int) -> None:
    """Answer the judge's requests until it closes the connection."""
    _Student(socket.socket(fileno=descriptor)).serve()


class _Student:
    def __init__(self, sock: socket.socket) -> None:
        self.shell = Shell.instance()
        self.functions: dict[int, Callable] = {}
        self.given: dict[str, Any] = {}  # what set-up cells defined
        self.judge = wire.Connection(sock, self.reference, self.resolve)

    def serve(self) -> None:
        requests = {"run": self.run, "fetch": self.fetch, "call": self.call}
        while True:
            try:
                kind, *details = self.judge.receive()
            except wire.Closed:
                return
            reply = requests[kind](*details)
            try:
                self.judge.send(reply)
            except wire.Closed:
                return
            except wire.WireError as error:
                self.judge.send(["refused", str(error)])

    def reference(self, function: Callable) -> wire.Reference:
        """Keep a function under a number, by which the judge can call it."""
        key = len(self.functions)
        self.functions[key] = function
        name = getattr(function, "__name__", type(function).__name__)
        return wire.Reference(key, str(name), "student")

    def resolve(self, reference: wire.Reference) -> Any:
        """The function that the judge means."""
        if reference.owner == "student":
            return self.functions[reference.key]
        return self.given[reference.key]

    def run(self, source: str, role: str) -> list:
        """Run a cell."""
        names = self.shell.user_ns
        before = dict(names)
        shown, error = self.shell.run(source)
        if role == "setup":  # a function of it stays what it is, whatever the student calls so
            self.given |= {n: value for n, value in names.items() if before.get(n) is not value}
        return ["ran", shown, None if error is None else self.describe(error)]

    def fetch(self, name: str) -> list:
        """Give the value of a name."""
        if name not in self.shell.user_ns:
            return ["absent"]
        return ["value", self.shell.user_ns[name]]

    def call(self, function: Callable, sent: list[bytes], keywords: dict) -> list:
        """Call a function; with its answer go the arguments that it changed.

        Each argument comes as a frame of its own, to be compared with what the call left of it.
        The last part of the reply is the index of the argument whose memory the result is.
        """
        arguments = [wire.decode(frame, self.resolve) for frame in sent]
        try:
            result: Any = function(*arguments, **keywords)
            answer = ["returned", result]
        except BaseException as error:
            answer = ["raised", self.describe(error, render=False)]
        changed, same = {}, None
        for index, (value, then) in enumerate(zip(arguments, sent, strict=True)):
            try:
                now = wire.encode(value, self.reference)
                if now != then and now != self.as_sent_back(then):
                    changed[index] = value
            except wire.WireError:
                changed[index] = None
            if answer[0] == "returned" and _is_same_memory(value, result):
                same = index
        return [*answer, changed, same]

    def as_sent_back(self, frame: bytes) -> bytes:
        """The frame of what a frame stands for; Keras may write an equal model in other words."""
        return wire.encode(wire.decode(frame, self.resolve), self.reference)

    def describe(self, error: BaseException, render: bool = True) -> dict[str, Any]:
        """An exception as text: kind, message, where in the student's code, and traceback."""
        built_in = next(
            kind.__name__
            for kind in (*type(error).__mro__, Exception)
            if getattr(builtins, kind.__name__, None) is kind and issubclass(kind, Exception)
        )
        frames = [[f.lineno or 0, f.name, f.line or ""] for f in own_frames(error)]
        try:
            message = str(error)
            rendered = self.shell.render(error) if render else []
        except BaseException as worse:
            message, rendered = f"its message cannot be read: {type(worse).__name__}", []
        try:
            kind = type(error).__name__[:100]
            missing = str(getattr(error, "name", "") or "") if built_in == "NameError" else ""
        except BaseException:  # a class or an attribute that acts when it is looked at
            kind, missing = built_in, ""
        return {
            "kind": whole(kind),
            "built_in": built_in,
            "message": whole(message)[:_MAX_TEXT],
            "missing": whole(missing),
            "frames": [[line, name[:100], whole(text)[:300]] for line, name, text in frames],
            "traceback": [whole(str(line))[:_MAX_TEXT] for line in rendered][-100:],
        }


def _is_same_memory(argument: Any, result: Any) -> bool:
    """Whether a result is an argument itself, or a view of all of it."""
    if not (isinstance(argument, np.ndarray) and isinstance(result, np.ndarray)):
        return False
    # Not what a subclass says of itself.
    one, other = (np.ndarray.view(x, np.ndarray) for x in (argument, result))
    return (one.ctypes.data, one.strides, one.shape) == (
        other.ctypes.data,
        other.strides,
        other.shape,
    )
