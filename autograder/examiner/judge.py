"""The examiner process: runs set-up and grade cells, and asks the student's process for answers.

It gets the locked cells after the fork, over a connection of its own to whoever grades. A verdict
is what it reports there; nothing that the student's process sends is one.
"""

import builtins
import os
import socket
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, NoReturn

import numpy as np

from autograder import cells
from autograder.examiner import endings, protocol, values, wire
from autograder.examiner.job import Ending, Error, Output
from autograder.examiner.shell import Shell, own_frames
from autograder.lab import checking, failures
from autograder.lab.findings import Finding

_Outcome = tuple[list[Output], Error | None]  # what a cell showed, and its error
_UNGRADED = "What it returned cannot be graded:"  # as `lab.checks` says it in a notebook

# An exception of these kinds would end a loop of the test without an error, or cannot be made.
_NOT_RAISED = (StopIteration, StopAsyncIteration, ExceptionGroup)


class AnswerLost(Exception):
    """The student's process ended, or sent something that is not an answer."""

    def __init__(self, why: str | Ending) -> None:
        ending = why if isinstance(why, Ending) else Ending("cannot-be-graded", why)
        super().__init__(ending.sentence)
        self.finding = Finding("", "wrong", ending.kind, ending.sentence, recognized=True)


def serve(control: int, peer: int) -> None:
    """Judge one submission: receive its cells, run them, report each."""
    host = wire.Connection(socket.socket(fileno=control), protocol.ToJudge)
    plan = host.receive()
    os.environ["AUTOGRADER_SEED"] = str(plan.seed)
    if own := values.frameworks():
        own.name_layers_apart()
    judge = _Judge(peer, plan.endless)
    try:
        for task in plan.tasks:
            host.send(protocol.Start(task.index))
            host.send(judge.run(task))
            if judge.lost:
                break
            host.receive()  # whoever grades has taken what the cell printed
        host.send(protocol.End())
    except wire.Closed:
        return


class RemoteFunction:
    """A function of the student's, called by sending its arguments as data.

    Arrays, lists, dicts and models that the call changes are changed here, too.
    """

    def __init__(self, judge: "_Judge", reference: protocol.Reference) -> None:
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
        return self._judge.call(self._reference, arguments, keywords)

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


class _Judge:
    def __init__(self, peer: int, endless: dict[str, float]) -> None:
        self.endless = endless
        self.shell = Shell.instance()
        self.student = wire.Connection(socket.socket(fileno=peer), protocol.Answer)
        self.lost: Ending | None = None
        self.missing: set[str] = set()
        self.given_up: Ending | None = None  # why, of the running cell
        checking._elsewhere = self.student_side

    def run(self, task: protocol.Task) -> protocol.Done:
        """Run one cell where its role belongs; what it showed, its error, names it lacked."""
        self.missing, self.given_up = set(), None
        try:
            if task.role == "grade":
                shown, error = self.grade(task.source)
            elif task.role == "judge's setup":
                shown, error = self.run_here(task.source)
            else:
                shown, error = self.run_in_student(task.source, task.role)
                if task.role == "setup" and not self.lost:
                    shown, own = self.run_here(task.source)
                    error = error or own
        except AnswerLost as lost:
            shown, error = [], self.own_error(lost)
        return protocol.Done(task.index, shown, error, sorted(self.missing), self.lost)

    def run_here(self, source: str) -> _Outcome:
        """Run a cell in this process; an error that a magic such as `%%capture` keeps counts."""
        shown, error = self.shell.run(source)
        error = error or self.shell.swallowed
        return shown, None if error is None else self.own_error(error)

    def run_in_student(self, source: str, role: Literal["setup", "student"]) -> _Outcome:
        """Run a cell in the student's process."""
        answer = self.ask(protocol.Run(source, role, self.endless), protocol.Ran)
        # What a student shows is never partial credit.
        shown = [Output("display_data", output.data) for output in answer.shown]
        if answer.error is None:
            return shown, None
        problem = self.exception(answer.error)
        return shown, Error(type(problem).__name__, str(problem), answer.error.traceback)

    def grade(self, source: str) -> _Outcome:
        """Run a grade cell here; names that are not here are the student's."""
        names = self.shell.user_ns
        before = dict(names)
        try:
            for name in cells.names(source).needs - before.keys():
                answer = self.ask(
                    protocol.Fetch(name), protocol.Value | protocol.Absent | protocol.Refused
                )
                if type(answer) is protocol.Value:
                    names[name] = self.decode(answer.value)
                elif type(answer) is protocol.Refused:
                    raise AnswerLost(f"`{name}` cannot be graded: {answer.reason}")
            shown, error = self.run_here(source)
        finally:
            names.clear()
            names.update(before)
        if self.lost and error is None:
            error = self.own_error(AnswerLost(self.lost))
        return shown, error

    def call(self, function: protocol.Reference, arguments: tuple, keywords: dict) -> Any:
        """Call a function in the student's process; see `RemoteFunction`."""
        frames = [values.encode(argument, self.reference) for argument in arguments]
        named = values.encode(keywords, self.reference)
        answer = self.ask(
            protocol.Call(function, frames, named, self.endless),
            protocol.Returned | protocol.Raised | protocol.Refused | protocol.GaveUp,
        )
        if type(answer) is protocol.GaveUp:
            seconds = self.endless.get(answer.function)
            if seconds is None:
                self.lose(endings.NO_ANSWER)
            self.given_up = endings.endless(answer.function, seconds)
            self.endless[answer.function] /= 2  # in the next cell
            raise AnswerLost(self.given_up)
        if type(answer) is protocol.Refused:
            raise AnswerLost(f"{_UNGRADED} {answer.reason[:500]}")
        for index, argument in enumerate(arguments):
            if index in answer.changed:
                values.write_back(argument, self.decode(answer.changed[index]))
        if type(answer) is protocol.Raised:
            raise self.exception(answer.error)
        result = self.decode(answer.value)
        if answer.same is not None and answer.same < len(arguments):
            argument = arguments[answer.same]
            if isinstance(argument, np.ndarray) and isinstance(result, np.ndarray):
                return argument[...]  # the result is not a new array
            if (own := values.frameworks()) and own.are_layers(argument, result):
                own.note_owner(result, argument)
        return result

    def ask(self, request: protocol.Request, expected: Any) -> Any:
        """Send a request to the student's process and wait for an answer of these types."""
        if self.lost:
            raise AnswerLost(endings.DIED_BEFORE)
        if self.given_up:
            raise AnswerLost(self.given_up)
        try:
            self.student.send(request)
            answer = self.student.receive()
        except wire.Closed as error:
            self.lose(endings.DIED, error)
        except wire.WireError as error:
            self.lose(endings.unreadable(error), error)
        if not isinstance(answer, expected):
            self.lose(endings.NO_ANSWER)
        return answer

    def decode(self, frame: bytes) -> Any:
        """A value of the student's."""
        try:
            return values.decode(frame, self.resolve)
        except values.ModelError as error:
            raise AnswerLost(f"{_UNGRADED} {error}") from error
        except wire.WireError as error:
            self.lose(endings.unreadable(error), error)

    def lose(self, why: Ending, error: Exception | None = None) -> NoReturn:
        """Give the student's process up."""
        self.lost = why
        raise AnswerLost(why) from error

    def exception(self, described: protocol.Described) -> Exception:
        """The exception that the student's process described; always an `Exception`."""
        base = getattr(builtins, described.built_in, None)
        if not (isinstance(base, type) and issubclass(base, Exception)) or base in _NOT_RAISED:
            base = RuntimeError
        kind = described.kind if described.kind.isidentifier() else base.__name__
        if described.missing:
            self.missing.add(described.missing)
        error = type(kind, (base,), {"__str__": lambda self: described.message})
        problem = error.__new__(error, described.message)
        problem.args = (described.message,)
        problem.student_frames = [
            traceback.FrameSummary("cell", line, name, line=text)
            for line, name, text in described.frames
        ]
        return problem

    def own_error(self, error: BaseException) -> Error:
        """An error of this process as data."""
        if isinstance(error, NameError) and error.name:
            self.missing.add(error.name)
        frames = getattr(error, "student_frames", [])
        where = [f"in line {f.lineno} of `{f.name}`: {f.line}" for f in frames[-1:]]
        line = next((f.lineno for f in own_frames(error)), 0) or 0
        return Error(
            name=type(error).__name__,
            value="\n".join([str(error), *where]),
            finding=replace(failures.finding_of(error), line=line).to_data(),
        )

    def reference(self, function: Any) -> protocol.Reference:
        """How a function is named to the student's process."""
        if isinstance(function, RemoteFunction):
            return function._reference
        name = getattr(function, "__name__", "")
        if self.shell.user_ns.get(name) is function:
            return protocol.Reference(name, name, "setup")
        raise wire.WireError(f"the function {name} stands in no set-up cell")

    def resolve(self, reference: protocol.Reference) -> RemoteFunction:
        """A function of the student's."""
        owned = protocol.Reference(reference.key, reference.name, "student")
        return RemoteFunction(self, owned)

    def student_side(self, function: Callable) -> RemoteFunction:
        """A set-up function as the student's process runs it."""
        return RemoteFunction(self, self.reference(function))
