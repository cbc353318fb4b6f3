"""What the instructor's commands print: progress, tables, and errors in a sentence.

The commands in `console` call it.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.engine import make_url

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.configuration import config_for, db_url, limits
from autograder.grading.gradebook.connection import gradebook_file
from autograder.grading.gradebook.editions import in_words
from autograder.grading.gradebook.people import names
from autograder.grading.outgoing.pages import index_page

if TYPE_CHECKING:
    from autograder.grading.doctor import Finding
    from autograder.grading.incoming.place import Line
    from autograder.grading.run.grade import Options, Step
    from autograder.grading.run.outcomes import Outcome
    from autograder.grading.submission.preflight import Preflight
    from autograder.grading.submission.releases import Release


def grade_one(
    console: Console,
    place: Classroom,
    assignment: str,
    options: "Options",
    interrupted: threading.Event,
    everyone: bool = True,
) -> None:
    """Grade one assignment with a progress display, then print its table.

    Args:
        console: Where to.
        place: The class.
        assignment: Its id.
        options: Whom to grade, and how.
        interrupted: Is set by Ctrl-C.
        everyone: False prints neither the table nor a line for each student.

    Raises:
        KeyboardInterrupt: `interrupted` was set, although Python dropped the exception itself.
    """
    from autograder.grading.run.grade import grade  # `collect` and `export` do without it

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} done, {task.fields[failed]} not gradable"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as display:
        bar = display.add_task(assignment, total=None, failed=0, rate="")
        started = time.monotonic()

        def progress(step: "Step") -> None:
            if interrupted.is_set():
                raise KeyboardInterrupt
            rate = f"{60 * step.done / (time.monotonic() - started):.0f} a minute"
            display.update(bar, completed=step.done, total=step.total)
            display.update(bar, failed=step.failed, rate=rate)
            if not step.student or (everyone and not console.is_terminal):  # else the bar says it
                console.print(f"{assignment}: {printable(step.note)}", markup=False)

        outcomes = grade(place, assignment, options, progress)
    if everyone:
        print_table(console, place, assignment, outcomes)
        print_changes(console, place, outcomes)


def printable(text: str) -> str:
    """Text from a submission, such as a file's name, without what could steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def print_table(
    console: Console, place: Classroom, assignment: str, outcomes: list["Outcome"]
) -> None:
    """Everyone's score, what happened on the way, and where the pages and the gradebook lie."""
    table = Table("student", "id", "score", "status", "what happened", title=assignment)
    known = names(place)
    for outcome in outcomes:
        late = "handed in late" if outcome.late else ""
        happened = "\n".join([*outcome.notes, *([late] if late else [])])
        score = f"{outcome.score:g} of {outcome.max_score:g}"
        row = *_who(outcome.student, known), score, outcome.status, escape(printable(happened))
        table.add_row(*row)
    console.print(table)
    console.print(f"Edition   {in_words(place, NotebookRef(assignment))}", markup=False)
    console.print(f"Feedback  {place.folder}/feedback/STUDENT/{assignment}/{assignment}.html")
    where = gradebook_file(place) or make_url(db_url(place)).render_as_string()
    console.print(f"Gradebook {where}")


def print_class(console: Console, place: Classroom, tables: bool = True) -> None:
    """Bring the page of the class up to date, and say where it is and who is not on it.

    Args:
        console: Where to.
        place: The class.
        tables: False leaves its CSV files as they are.
    """
    from autograder.grading.outgoing.index import update

    overview = update(place, tables)
    print_left(console, place, overview.left)
    if overview.grades:
        console.print(f"Class     {index_page(place)}", markup=False)


def print_left(console: Console, place: Classroom, gone: Iterable[str]) -> None:
    """Who is not on the class's roster; nothing if there is nobody."""
    if who := printable(", ".join(gone)):
        where = f"{place.folder}/roster.txt"
        console.print(f"Note      Not on the roster ({where}), so not listed: {who}", markup=False)


def print_findings(console: Console, found: Iterable["Finding"]) -> list["Finding"]:
    """What `doctor` finds, line by line as it comes; all of it."""
    printed = []
    for item in found:
        sign = {"ok": "✓", "limited": "!", "broken": "✗"}[item.state]
        console.print(f"{sign} {item.what}: {item.found}", markup=False)
        if item.todo:
            console.print(f"  → {item.todo}", markup=False)
        printed.append(item)
    return printed


def print_preflight(
    console: Console, place: Classroom, found: list[tuple["Release", "Preflight"]]
) -> None:
    """What the reference earns and costs in each test, how long students have, what is wrong."""
    bounds = limits(config_for(place))
    for release, flight in found:
        title = f"release {release.id}: {flight}"
        table = Table("test", "reference took", "students have", title=title)
        for name, most in flight.seconds(bounds).items():
            if cells.role(cells.by_id(release.instructor.cells)[name]) == "grade":
                took, most = flight.costs[name], min(most, bounds.cell_seconds)
                table.add_row(escape(name), f"{took:.1f} s", f"{most:.0f} s")
        console.print(table)
        for problem in flight.problems:
            accepted = "accepted" if problem.cell in flight.accepted else "✗"
            console.print(f"{accepted} {printable(str(problem))}", markup=False)


def print_changes(console: Console, place: Classroom, outcomes: list["Outcome"]) -> None:
    """What a regrade changed; nothing where nobody was graded again."""
    regraded = [outcome for outcome in outcomes if outcome.changes is not None]
    table = Table("student", "id", "exercise", "before", "after", "", title="What changed")
    known = names(place) if regraded else {}
    for outcome in regraded:
        for change in outcome.changes or ():
            points = ["-" if p is None else f"{p:g}" for p in (change.before, change.after)]
            kept = "" if change.manual is None else f"{change.manual:g} given by hand counts"
            who = _who(outcome.student, known)
            table.add_row(*who, cells.exercise(change.exercise), *points, kept)
        if outcome.penalized:
            points = [f"{p:g}" for p in outcome.penalized]
            table.add_row(*_who(outcome.student, known), "", *points, "late penalty taken off")
    if table.row_count:
        console.print(table)
    if regraded:
        ones = "score" if table.row_count == 1 else "scores"
        counted = f"{table.row_count or 'no'} {ones} changed"
        console.print(f"Regraded  {len(regraded)}; {counted}")
        reasons = Counter(outcome.why for outcome in regraded).items()
        console.print(f"Reasons   {', '.join(f'{why} ({count})' for why, count in reasons)}")


def print_collected(console: Console, place: Classroom, lines: list["Line"]) -> None:
    """What became of each file of a download, then a count of each status."""
    table = Table("student", "id", "assignment", "status", "file", "note")
    known = names(place)
    for line in lines:
        words = (line.assignment, line.status, line.file, line.note)
        row = *_who(line.student, known), *(escape(printable(word[:200])) for word in words)
        table.add_row(*row)
    console.print(table)
    counts = Counter(line.status for line in lines)
    summary = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    console.print(summary or "There is nothing in it.")


def _who(student: str, known: Mapping[str, str]) -> tuple[str, str]:
    """A student's name, or the id where there is none, and the id."""
    name, own = escape(known.get(student, "")), escape(printable(student))
    return name or own, own
