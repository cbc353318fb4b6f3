"""The examiner process: runs set-up and grade cells, and asks the student's process for answers.

It gets the locked cells after the fork, over a connection of its own to whoever grades. A verdict
is what it reports there; nothing that the student's process sends is one.
"""

import builtins
import os
import socket
import traceback
from collections.abc import Callable
from types import NoneType
from typing import Any, NoReturn

import numpy as np

from autograder import cells
from autograder.examiner import models, wire
from autograder.examiner.shell import MAX_SHOWN, Shell

_MAX_TEXT, _MAX_LINES = 8000, 200  # of an error
# What may answer each kind of request.
_ANSWERS = {
    "run": ("ran",),
    "fetch": ("value", "absent", "refused"),
    "call": ("returned", "raised", "refused"),
}


class AnswerLost(Exception):
    """The student's process ended, or sent something that is no answer."""


def serve(control: int, peer: int) -> None:
    """Judge one submission: receive its cells, run them, report each."""
    host = wire.Connection(socket.socket(fileno=control))
    plan = host.receive()
    os.environ.update(plan["environment"])
    models.name_layers_apart()
    judge = _Judge(peer)
    try:
        for cell in plan["cells"]:
            host.send({"event": "start", "index": cell["index"]})
            report = judge.run(cell["role"], cell["source"])
            host.send({"event": "done", "index": cell["index"], **report})
            if judge.gone:
                break
            host.receive()  # whoever grades has taken what the cell printed
        host.send({"event": "end"})
    except wire.Closed:
        return


class RemoteFunction:
    """A function of the student's, called by sending its arguments as data.

    Arrays, lists, dicts and models that the call changes are changed here, too.
    """

    def __init__(self, judge: "_Judge", reference: wire.Reference) -> None:
        self._judge = judge
        self._reference = reference
        self.__name__ = reference.name
        self.__qualname__ = reference.name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it in the student's process.

        Raises:
            AnswerLost: The process ended.
            Exception: What the function raised, of the same built-in kind.
        """
        frames = [wire.encode(value, self._judge.reference) for value in arguments]
        answer, *details = self._judge.ask("call", self, frames, keywords)
        if len(details) != 3 or type(details[1]) is not dict:
            self._judge.lose("The process in which it ran sent no answer to a call.")
        result, changed, same = details
        for index, value in changed.items():
            if type(index) is not int or not 0 <= index < len(arguments):
                self._judge.lose("The process in which it ran sent no answer to a call.")
            _write_back(arguments[index], value)
        if answer == "raised":
            raise self._judge.exception(result)
        if type(same) is int and 0 <= same < len(arguments):
            argument = arguments[same]
            if isinstance(argument, np.ndarray) and isinstance(result, np.ndarray):
                return argument[...]  # the result is no new array
        return result

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


class _Judge:
    def __init__(self, peer: int) -> None:
        self.shell = Shell.instance()
        self.student = wire.Connection(socket.socket(fileno=peer), self.reference, self.resolve)
        self.gone = False
        self.missing: set[str] = set()
        from autograder.lab import checking

        checking._elsewhere = self.student_side

    def run(self, role: str, source: str) -> dict[str, Any]:
        """Run one cell where its role belongs; what it showed, its error, names it lacked."""
        self.missing = set()
        try:
            if role == "grade":
                shown, error = self.grade(source)
            elif role == "judge's setup":
                shown, error = self.set_up(source)
            else:
                shown, error = self.run_in_student(source, role)
                if role == "setup" and not self.gone:
                    shown, own = self.set_up(source)
                    error = error or own
        except AnswerLost as lost:
            shown, error = [], self.own_error(lost)
        return {"shown": shown, "error": error, "missing": sorted(self.missing), "gone": self.gone}

    def set_up(self, source: str) -> tuple[list, dict | None]:
        """Run a set-up cell here."""
        shown, error = self.shell.run(source)
        return shown, None if error is None else self.own_error(error)

    def run_in_student(self, source: str, role: str) -> tuple[list, dict | None]:
        """Run a cell in the student's process."""
        details = self.ask("run", source, role)[1:]
        if len(details) != 2 or type(details[1]) not in (dict, NoneType):
            self.lose("The process in which it ran sent no answer to a cell.")
        shown, error = details
        if error is not None:
            problem = self.exception(error)
            lines = error.get("traceback")
            lines = [x for x in lines if type(x) is str] if type(lines) is list else []
            error = {
                "name": type(problem).__name__,
                "value": str(problem)[:_MAX_TEXT],
                "traceback": [line[:_MAX_TEXT] for line in lines[:_MAX_LINES]],
            }
        return _outputs(shown), error

    def grade(self, source: str) -> tuple[list, dict | None]:
        """Run a grade cell here; names that are not here are the student's."""
        names = self.shell.user_ns
        before = dict(names)
        try:
            for name in _names_needed(source) - before.keys():
                answer, *details = self.ask("fetch", name)
                if answer == "value" and len(details) == 1:
                    names[name] = details[0]
                elif answer == "refused":
                    text = f"`{name}` cannot be graded: {details[0] if details else ''}"
                    return [], {"name": "TypeError", "value": text, "traceback": []}
            shown, error = self.shell.run(source)
            error = error or self.shell.swallowed
        finally:
            names.clear()
            names.update(before)
        if self.gone and error is None:
            error = AnswerLost("The student's process ended.")
        return shown, None if error is None else self.own_error(error)

    def ask(self, kind: str, *details: Any) -> list:
        """Send a request to the student's process and wait for its answer."""
        if self.gone:
            raise AnswerLost("The student's process had ended before.")
        try:
            self.student.send([kind, *details])
            answer = self.student.receive()
        except wire.Closed as error:
            self.lose("This cell ended the Python process in which it ran.", error)
        except wire.WireError as error:
            self.lose(f"The process in which it ran sent something unreadable: {error}", error)
        if type(answer) is not list or not answer or answer[0] not in _ANSWERS[kind]:
            self.lose("The process in which it ran sent no answer.")
        if answer[0] == "refused" and kind == "call":
            raise AnswerLost(f"What it returned cannot be graded: {str(answer[-1])[:500]}")
        return answer

    def lose(self, reason: str, error: Exception | None = None) -> NoReturn:
        """Give the student's process up."""
        self.gone = True
        raise AnswerLost(reason) from error

    def exception(self, described: Any) -> Exception:
        """The exception that the student's process described; always an `Exception`."""
        if type(described) is not dict:
            return AnswerLost("The student's process sent an error of the wrong form.")
        texts = [described.get(key) for key in ("kind", "built_in", "message", "missing")]
        if not all(type(text) is str for text in texts):
            return AnswerLost("The student's process sent an error of the wrong form.")
        kind, built_in, message, missing = texts
        base = getattr(builtins, built_in, None)
        if not (isinstance(base, type) and issubclass(base, Exception)) or base is ExceptionGroup:
            base = RuntimeError
        if not kind.isidentifier():
            kind = base.__name__
        if missing:
            self.missing.add(missing[:200])
        error = type(kind[:100], (base,), {"__str__": lambda self: message})
        problem = error.__new__(error, message)
        problem.args = (message,)
        problem.student_frames = _frames(described.get("frames"))
        return problem

    def own_error(self, error: BaseException) -> dict[str, Any]:
        """An error of this process as data."""
        if isinstance(error, NameError) and error.name and not hasattr(error, "student_frames"):
            self.missing.add(error.name)
        frames = getattr(error, "student_frames", [])
        where = [f"in line {f.lineno} of `{f.name}`: {f.line}" for f in frames[-1:]]
        value = "\n".join([str(error), *where])
        return {"name": type(error).__name__, "value": value, "traceback": []}

    def reference(self, function: Any) -> wire.Reference:
        """How a function is named to the student's process."""
        if isinstance(function, RemoteFunction):
            return function._reference
        name = getattr(function, "__name__", "")
        if self.shell.user_ns.get(name) is function:
            return wire.Reference(name, name, "setup")
        raise wire.WireError(f"the function {name} stands in no set-up cell")

    def resolve(self, reference: wire.Reference) -> RemoteFunction:
        """A function of the student's."""
        return RemoteFunction(self, wire.Reference(reference.key, reference.name, "student"))

    def student_side(self, function: Callable) -> RemoteFunction:
        """A set-up function as the student's process runs it."""
        return RemoteFunction(self, self.reference(function))


def _names_needed(source: str) -> frozenset[str]:
    """The names that a cell reads from elsewhere; one that is not Python fails when it is run."""
    try:
        return cells.names(source).needs
    except SyntaxError:
        return frozenset()


def _frames(described: Any) -> list[traceback.FrameSummary]:
    frames = []
    for entry in described if type(described) is list else []:
        if type(entry) is list and [type(part) for part in entry] == [int, str, str]:
            frames.append(traceback.FrameSummary("cell", entry[0], entry[1], line=entry[2]))
    return frames


def _outputs(shown: Any) -> list[dict[str, Any]]:
    """What a cell showed, if it has the form of notebook outputs."""
    kept, size = [], 0
    for output in shown[:100] if type(shown) is list else []:
        kinds = ("display_data", "execute_result")
        if type(output) is dict and output.get("output_type") in kinds:
            data = output.get("data")
            if type(data) is dict and all(type(x) is str for pair in data.items() for x in pair):
                size += sum(map(len, data.values()))
                if size <= MAX_SHOWN:
                    kept.append({"output_type": "display_data", "data": data})
    return kept


def _write_back(original: Any, changed: Any) -> None:
    """Make an argument what the call left of it."""
    import keras

    if isinstance(original, np.ndarray) and isinstance(changed, np.ndarray):
        if original.shape == changed.shape:
            np.copyto(original, changed, casting="unsafe")
    elif isinstance(original, list) and isinstance(changed, list):
        original[:] = changed
    elif isinstance(original, dict) and isinstance(changed, dict):
        original.clear()
        original.update(changed)
    elif isinstance(original, keras.Layer) and isinstance(changed, keras.Layer):
        models.replace(original, changed)
    elif isinstance(original, np.random.Generator) and isinstance(changed, np.random.Generator):
        original.bit_generator.state = changed.bit_generator.state
