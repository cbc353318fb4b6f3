"""The student's process: runs cells in a shell and calls functions when the judge asks.

Everything that it sends is a claim. It holds no test, no expected value and no verdict.
"""

import builtins
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.examiner import patience, protocol, values, wire
from autograder.examiner.protocol import MAX_LINE, MAX_LINES, MAX_NAME, MAX_TEXT
from autograder.examiner.shell import Shell, own_frames
from autograder.examiner.wire import whole


def serve(descriptor: int) -> None:
    """Answer the judge's requests until it closes the connection."""
    _Student(socket.socket(fileno=descriptor)).serve()


class _Student:
    def __init__(self, sock: socket.socket) -> None:
        self.shell = Shell.instance()
        self.functions: dict[int | str, Callable] = {}
        self.given: dict[int | str, Any] = {}  # what set-up cells defined
        self.judge = wire.Connection(sock, protocol.Request)

    def serve(self) -> None:
        answers = {protocol.Run: self.run, protocol.Fetch: self.fetch, protocol.Call: self.call}
        with contextlib.suppress(wire.Closed):
            while True:
                request = self.judge.receive()
                try:
                    self.judge.send(answers[type(request)](request))
                except wire.Closed:
                    return
                except wire.WireError as error:
                    self.judge.send(protocol.Refused(str(error)))

    def reference(self, function: Callable) -> protocol.Reference:
        """Keep a function under a number, by which the judge can call it."""
        key = len(self.functions)
        self.functions[key] = function
        name = str(getattr(function, "__name__", type(function).__name__))
        return protocol.Reference(key, whole(name)[:MAX_NAME], "student")

    def resolve(self, reference: protocol.Reference) -> Any:
        """The function that the judge means."""
        if reference.owner == "student":
            return self.functions[reference.key]
        return self.given[reference.key]

    def run(self, request: protocol.Run) -> protocol.Ran:
        """Run a cell."""
        names = self.shell.user_ns
        before = dict(names)
        with patience.with_little(request.endless, names):
            shown, error = self.shell.run(request.source)
        if request.role == "setup":  # a function of it stays what it is, whatever has its name
            self.given |= {n: value for n, value in names.items() if before.get(n) is not value}
        return protocol.Ran(shown, None if error is None else self.describe(error))

    def fetch(self, request: protocol.Fetch) -> protocol.Value | protocol.Absent:
        """Give the value of a name."""
        if request.name not in self.shell.user_ns:
            return protocol.Absent()
        return protocol.Value(values.encode(self.shell.user_ns[request.name], self.reference))

    def call(self, request: protocol.Call) -> protocol.Returned | protocol.Raised | protocol.GaveUp:
        """Call a function; with its answer go the arguments that it changed."""
        function = self.resolve(request.function)
        arguments = [values.decode(frame, self.resolve) for frame in request.arguments]
        keywords = values.decode(request.keywords, self.resolve)
        error = result = None
        try:
            with patience.with_little(request.endless, self.shell.user_ns):
                result = function(*arguments, **keywords)
        except patience.OutOfTime as out:
            return protocol.GaveUp(out.function)
        except BaseException as raised:
            error = self.describe(raised, render=False)
        changed, same = {}, None
        for index, (argument, then) in enumerate(zip(arguments, request.arguments, strict=True)):
            with contextlib.suppress(wire.WireError):  # what cannot cross back stays what it was
                now = values.encode(argument, self.reference)
                if now != then and now != self.as_sent_back(then):
                    changed[index] = now
            if _is_same_memory(argument, result):
                same = index
        if error is not None:
            return protocol.Raised(error, changed)
        return protocol.Returned(values.encode(result, self.reference), changed, same)

    def as_sent_back(self, frame: bytes) -> bytes:
        """The frame of what a frame stands for; Keras may write an equal model in other words."""
        return values.encode(values.decode(frame, self.resolve), self.reference)

    def describe(self, error: BaseException, render: bool = True) -> protocol.Described:
        """An exception as text, within the bounds of the protocol."""
        built_in = next(
            kind.__name__
            for kind in (*type(error).__mro__, Exception)
            if getattr(builtins, kind.__name__, None) is kind and issubclass(kind, Exception)
        )
        frames = [
            (f.lineno or 0, whole(f.name)[:MAX_NAME], whole(f.line or "")[:MAX_LINE])
            for f in own_frames(error)
        ]
        try:
            message = str(error)
            rendered = self.shell.render(error) if render else []
        except BaseException as worse:
            message, rendered = f"its message cannot be read: {type(worse).__name__}", []
        try:
            kind = type(error).__name__[:MAX_NAME]
            missing = str(getattr(error, "name", "") or "") if built_in == "NameError" else ""
        except BaseException:  # a class or an attribute that acts when it is looked at
            kind, missing = built_in, ""
        return protocol.Described(
            kind=whole(kind),
            built_in=built_in,
            message=whole(message)[:MAX_TEXT],
            missing=whole(missing)[:MAX_NAME],
            frames=frames,
            traceback=[whole(str(line))[:MAX_TEXT] for line in rendered[-MAX_LINES:]],
        )


def _is_same_memory(argument: Any, result: Any) -> bool:
    """Return True if a result is an argument itself, a view of all of it, or holds its weights."""
    if (own := values.frameworks()) and own.are_layers(argument, result):
        return own.transport.share_variables(result, argument)
    if not (isinstance(argument, np.ndarray) and isinstance(result, np.ndarray)):
        return False
    # Not what a subclass says of itself.
    one, other = (np.ndarray.view(x, np.ndarray) for x in (argument, result))
    return (one.ctypes.data, one.strides, one.shape) == (
        other.ctypes.data,
        other.strides,
        other.shape,
    )
