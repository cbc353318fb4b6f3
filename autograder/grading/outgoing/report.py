"""Writes what an instructor wants to know of a graded class: reports/ASSIGNMENT.html and .json.

The page is one file that needs no network; `templates/report.html` lays it out. The JSON file holds
the same data, which the instructor's guide explains under "The report as data"; `summarize` makes
them. Statistics are those of submissions that could be graded: others say nothing about an exercise
or a class.
"""

import json
import statistics
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from autograder.files import write_whole
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.editions import editions, in_words
from autograder.grading.outgoing.marks import Class, Exercise, Submission, read_class
from autograder.grading.outgoing.pages import report_page, write_page
from autograder.grading.submission.preflight import known
from autograder.lab.findings import EARLIER, Finding

_BARS = 10
_OUTCOMES = ("right", "partly", "wrong", "raises", "stopped", "not attempted")


def write_report(classroom: Classroom, assignment: str) -> Path:
    """Write both files; the path of the page.

    Raises:
        GradingError: There is no such assignment, or nothing of it is graded.
    """
    group = read_class(classroom, assignment)
    report = summarize(group)
    ref = NotebookRef(assignment)
    report["edition"] = in_words(classroom, ref)
    flights = [known(classroom, ref, release) for release in editions(classroom, ref)]
    report["accepted"] = [
        str(problem)
        for flight in flights
        if flight
        for problem in flight.problems
        if problem.cell in flight.accepted
    ]
    page = report_page(classroom, assignment)
    write_whole(page.with_suffix(".json"), json.dumps(report, indent=1).encode())
    return write_page("report.html", page, report=report, names=group.names)


def summarize(group: Class) -> dict[str, Any]:
    """The report's data, as the JSON file holds them."""
    graded = [s for s in group.submissions if s.graded]
    points = sum(exercise.points for exercise in group.exercises)
    scores = [s.score for s in graded]
    quartiles = np.quantile(scores, (0.25, 0.5, 0.75)).tolist() if scores else None
    middle = quartiles[1] if quartiles else 0.0
    return {
        "assignment": group.ref.assignment,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "points": points,
        "class": {
            "handed_in": len(group.submissions),
            "graded": len(graded),
            "broken": len(group.submissions) - len(graded),
            "blank": sum(not _attempted(s) for s in graded),
            "late": sum(s.hours_late > 0 for s in group.submissions),
            "absent": group.absent,
        },
        "scores": {
            "mean": statistics.fmean(scores) if scores else None,
            "quartiles": quartiles,
            "histogram": _histogram(scores, points),
        },
        "seconds": _seconds(group.submissions),
        "exercises": [_exercise(exercise, graded) for exercise in group.exercises],
        "students": [
            {
                "id": s.student,
                "name": group.names.get(s.student, ""),
                "feedback": s.page,
                "score": s.score if s.graded or s.score else None,
                "status": "graded" if s.graded else "not gradable",
                "hours_late": round(s.hours_late, 2),
                "seconds": s.seconds,
                "notes": list(s.notes),
                "marks": {
                    name: {
                        "score": mark.score,
                        "outcome": mark.outcome,
                        "finding": mark.finding.kind if mark.finding else None,
                    }
                    for name, mark in s.marks.items()
                },
                "talk": reasons_to_talk(s, group.exercises, middle),
            }
            for s in group.submissions
        ],
    }


def reasons_to_talk(submission: Submission, exercises: list[Exercise], median: float) -> list[str]:
    """Why an instructor may want to talk to a student, in sentences; most often there is nothing.

    Args:
        submission: The student's.
        exercises: All exercises in order.
        median: Half of the graded class has at least this many points.
    """
    reasons = []
    if not submission.graded:
        reasons.append(f"Nothing could be graded. {' '.join(submission.notes)}".strip())
    elif not _attempted(submission):
        reasons.append("Nothing is attempted.")
    else:
        attempted = [e.name in _attempted(submission) for e in exercises]
        left_out = [e.name for e, tried in zip(exercises, attempted, strict=True) if not tried]
        if 3 * len(left_out) >= len(exercises):
            if all(attempted[: -len(left_out)]):
                reasons.append(f"Stopped half-way: nothing from {left_out[0]} on is attempted.")
            else:
                reasons.append(f"{len(left_out)} of {len(exercises)} exercises not attempted.")
        for exercise in exercises:
            mark = submission.marks[exercise.name]
            if mark.outcome == "stopped" and mark.finding:
                reasons.append(f"Code was stopped at {exercise.name}: {mark.finding.sentence}")
        if 2 * submission.score < median:
            reasons.append(
                f"Far below the class: {submission.score:g} points; half of the class has "
                f"{median:g} or more."
            )
    if submission.hours_late:
        reasons.append(f"Handed in {_in_words(submission.hours_late)} late.")
    return reasons


def _in_words(hours: float) -> str:
    if hours < 2:
        return f"{60 * hours:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def _attempted(submission: Submission) -> set[str]:
    return {name for name, m in submission.marks.items() if m.outcome != "not attempted"}


def _histogram(scores: list[float], points: float) -> list[dict[str, float]]:
    counts, edges = np.histogram(np.clip(scores, 0, points), _BARS, (0, points or 1))
    return [
        {"from": float(low), "to": float(high), "students": int(count)}
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]


def _seconds(submissions: list[Submission]) -> dict[str, Any] | None:
    timed = {s.student: s.seconds for s in submissions if s.seconds is not None}
    if not timed:
        return None
    longest = max(timed, key=lambda student: timed[student])
    return {
        "total": round(sum(timed.values()), 1),
        "median": round(statistics.median(timed.values()), 1),
        "longest": round(timed[longest], 1),
        "student": longest,
    }


def _exercise(exercise: Exercise, graded: list[Submission]) -> dict[str, Any]:
    marks = [s.marks[exercise.name] for s in graded]
    outcomes = Counter(mark.outcome for mark in marks)
    own = np.array([mark.score for mark in marks])
    rest = np.array([sum(m.score for m in s.marks.values()) for s in graded]) - own
    varied = len(marks) > 2 and np.ptp(own) > 0 and np.ptp(rest) > 0
    return {
        "name": exercise.name,
        "points": exercise.points,
        "pass_rate": outcomes["right"] / len(marks) if marks else None,
        "difficulty": float(own.mean() / exercise.points) if marks and exercise.points else None,
        "discrimination": float(np.corrcoef(own, rest)[0, 1]) if varied else None,
        "outcomes": {outcome: outcomes[outcome] for outcome in _OUTCOMES},
        "findings": _findings(exercise, graded),
    }


def _findings(exercise: Exercise, graded: list[Submission]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Finding]] = defaultdict(dict)
    for submission in graded:
        mark = submission.marks[exercise.name]
        if (finding := mark.finding) and mark.outcome != "not attempted":
            words = finding.sentence if finding.kind == EARLIER else ""  # its kind says nothing
            found[finding.kind, words][submission.student] = finding
    return [
        {
            "id": kind,
            "says": Counter(f.sentence for f in findings.values()).most_common(1)[0][0],
            "recognized": all(f.recognized for f in findings.values()),
            "students": [*findings],
        }
        for (kind, _), findings in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
