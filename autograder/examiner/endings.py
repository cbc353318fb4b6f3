"""Why something ended, in words: the one list of the kinds of `job.Ending`.

`pair` and `examination` name limits that were hit, `judge` what became of the student's process.
"""

from autograder.examiner.job import Ending, Limits

# What is said of a limit that stopped a cell.
_LIMITS = {
    "memory": "it used more than {memory_megabytes} MB of memory",
    "processes": "it started more than {processes} processes",
    "threads": "it started more than {threads} threads",
    "cell-time": "it ran longer than {cell_seconds:g} seconds",
    "submission-time": "the whole notebook had {submission_seconds:g} seconds",
    "cell-clock": "it ran longer than {clock_factor:g} times {cell_seconds:g} seconds by the clock",
    "submission-clock": "the whole notebook had {clock_factor:g} times {submission_seconds:g} "
    "seconds by the clock",
    "unwatched": "its processes could not be watched",
}

DIED = Ending("died", "This cell ended the Python process in which it ran.")
TEST_DIED = Ending("died", "This test ended the process in which it ran.")
DIED_BEFORE = Ending("died", "The student's process had ended before.")
NO_ANSWER = Ending("no-answer", "The process in which it ran sent no answer.")
TOO_LATE = Ending("not-reached", "This cell was not reached: the notebook had used up its time.")
CUT_OFF = Ending("not-reached", "This cell was not reached: cells above stopped the run too often.")


def endless(function: str, seconds: float) -> Ending:
    """A test needs a function that ran out of time in a cell above."""
    sentence = f"`{function}` did not end: it ran out of time above, and had {seconds:.2g} s here."
    return Ending("endless", sentence)


def limit(kind: str, limits: Limits) -> Ending:
    """A limit that stopped a cell."""
    return Ending(kind, f"This cell was stopped: {_LIMITS[kind].format_map(vars(limits))}.")


def unreadable(error: Exception) -> Ending:
    """The student's process sent what is not a message or not a value."""
    return Ending("no-answer", f"The process in which it ran sent something unreadable: {error}")
