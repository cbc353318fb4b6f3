"""The examination of one submission: what is run, what is run again, and when that ends.

`Examination.run` is called by `engine.Engine.examine`; each run is a `pair.Pair`.
"""

import time
from collections.abc import Callable, Sequence
from threading import Event

from autograder import cells
from autograder.examiner import endings
from autograder.examiner.job import Cell, Examined, ExaminerFailed, Limits, Result
from autograder.examiner.pair import Pair, Spawn
from autograder.examiner.protocol import Plan, Task

_SHARE = 0.1  # of the time that a function ran out of: one call in a later cell may take so much
_FAILURES = 3  # of starting the processes, for want of memory for example


class Examination:
    """The state of one examination.

    Args:
        cells: All cells.
        limits: Bounds.
        seed: Of the random inputs of hidden tests.
        spawn: Forks a process; see `engine.Engine.spawn`.
        revive: Replaces the zygote if it is dead, and returns True if it was.
        stopped: Is set when nobody waits for the results any more.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        limits: Limits,
        seed: int,
        spawn: Spawn,
        revive: Callable[[], bool],
        stopped: Event,
    ) -> None:
        self.cells, self.limits, self.seed = cells, limits, seed
        self.spawn, self.revive, self.stopped = spawn, revive, stopped
        self.examined = Examined([Result() for _ in cells])
        self.failed = 0
        self.left = limits.submission_seconds
        self.deadline = time.monotonic() + limits.submission_seconds * limits.clock_factor

    def run(self) -> Examined:
        """Run everything.

        Raises:
            ExaminerFailed: The processes cannot be started.
        """
        for _ in range(self.limits.restarts + 1):
            if self._once():
                break
        late = self.left <= 0 or self.examined.by_clock
        for result in self.examined.results:
            if not result.ended and not result.stopped:
                result.stopped = endings.TOO_LATE if late else endings.CUT_OFF
        return self.examined

    def _once(self) -> bool:
        """Run what has to be run; return True if nothing is left to be run again."""
        plan = Plan(self._tasks(), self.seed, self._endless())
        own = [self.limits.for_cell(cell) for cell in self.cells]
        examined = self.examined
        try:
            with Pair(self.spawn, self.limits, self.left, self.deadline, self.stopped) as pair:
                finished = pair.run(plan, own, examined.results, examined.missing)
                self.left -= pair.used().counted
                examined.by_clock = pair.by_clock
                return finished
        except ExaminerFailed:
            self.failed += 1
            if self.revive() or self.failed < _FAILURES:
                return False
            raise

    def _tasks(self) -> list[Task]:
        """The cells to run, their results made empty."""
        tasks, results = [], self.examined.results
        for index, (cell, result) in enumerate(zip(self.cells, results, strict=True)):
            # What a set-up cell defines is never left to the student: where it ended the
            # student's process, it still runs in the judge's.
            role = "judge's setup" if cell.role == "setup" and result.stopped else cell.role
            if role != "judge's setup":
                if result.stopped or (cell.role == "grade" and result.ended):
                    continue
                results[index] = Result()
            tasks.append(Task(index, role, cell.source))
        return tasks

    def _endless(self) -> dict[str, float]:
        """Seconds that one call may take of what the cells named that ran out of time."""
        found = {}
        for cell, result in zip(self.cells, self.examined.results, strict=True):
            if result.stopped and result.stopped.kind == "cell-time":
                seconds = _SHARE * self.limits.for_cell(cell).cell_seconds
                found |= dict.fromkeys(cells.names(cell.source).needs, seconds)
        return found
