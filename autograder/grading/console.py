"""The instructor's commands; autograder.cli registers them."""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from autograder.examiner.job import Isolation
from autograder.grading.terminal import interrupted, plain_errors, warm_up

# Where grades go, and when Gradescope shows an exercise's result.
System = Literal["csv", "canvas", "moodle", "gradescope"]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]

Assignment = Annotated[str, typer.Argument(help="Assignment id.")]
Assignments = Annotated[list[str] | None, typer.Argument(help="Assignment ids; all by default.")]
_CORES = os.cpu_count() or 1
Workers = Annotated[int, typer.Option(min=1, help="Submissions at a time.")]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CELL", help="Grade although the pre-flight found a problem in this test."
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--classroom", help="The class's folder.", show_default="classroom")
]


def grade(
    assignments: Assignments = None,
    student: Annotated[
        list[str] | None, typer.Option(help="Grade only this student; may be given repeatedly.")
    ] = None,
    workers: Workers = _CORES,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded.")] = False,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the hidden tests' inputs, as a feedback page says.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Run every cell, also those that no verdict needs.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler; this machine by default.")
    ] = None,
    isolation: Annotated[
        Isolation, typer.Option(help="`process` grades without a sandbox: see the README.")
    ] = "sandbox",
    tests: Annotated[
        Path | None,
        typer.Option(help="Folder of private tests, ASSIGNMENT/GRADE_ID.py.", show_default=False),
    ] = None,
    accept: Accept = None,
    classroom: Folder = None,
) -> None:
    """Grade what lies in classroom/submitted/STUDENT/ASSIGNMENT/ and write feedback pages."""
    if not scheduler:
        warm_up(isolation)
    with plain_errors(classroom, tests and tests.resolve()) as (console, place):
        from autograder.grading.display import grade_one, print_class
        from autograder.grading.gradebook.current import require_current
        from autograder.grading.run.grade import Options

        options = Options(
            tuple(student or ()),
            workers,
            force,
            seed,
            full=full,
            isolation=isolation,
            scheduler=scheduler,
            accept=tuple(accept or ()),
        )
        chosen = assignments or place.assignments()
        require_current(place, chosen)
        for assignment in chosen:
            grade_one(console, place, assignment, options, interrupted)
        print_class(console, place)


def feedback(
    assignment: Assignment,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this student's; may be given repeatedly.")
    ] = None,
    workers: Workers = _CORES,
    classroom: Folder = None,
) -> None:
    """Write the feedback pages again, with the points and comments that you gave by hand."""
    from autograder.grading.classroom import NotebookRef
    from autograder.grading.display import print_class
    from autograder.grading.run.feedback import write_again

    with plain_errors(classroom) as (console, place):
        count = write_again(place, NotebookRef(assignment), student or (), workers)
        pages = f"{count} page{'s' * (count != 1)}"
        where = f"{place.folder}/feedback/STUDENT/{assignment}/{assignment}.html"
        console.print(f"Feedback  {pages}: {where}", markup=False)
        print_class(console, place)


def demo(
    workers: Workers = _CORES,
    verbose: Annotated[bool, typer.Option("--verbose", help="Print everyone's results.")] = False,
) -> None:
    """Grade a class of invented students in demo-classroom/; your own class is not touched."""
    from autograder.examiner.sandbox import SandboxUnavailable, command

    isolation: Isolation = "sandbox"
    try:
        command(0, sandboxed=True)
    except SandboxUnavailable as reason:
        isolation = "process"
        typer.echo(f"WITHOUT A SANDBOX: {reason}\nThe demo's own code is harmless: going on.\n")
    warm_up(isolation)
    with plain_errors() as (console, own):
        from autograder.grading.demo import run
        from autograder.grading.run.plan import Options

        run(console, own, Options(workers=workers, isolation=isolation), interrupted, verbose)


def export(
    assignments: Assignments = None,
    to: Annotated[System, typer.Option(help="The system that takes the grades.")] = "csv",
    roster: Annotated[
        Path | None,
        typer.Option(help="The gradebook from Canvas or the grading worksheet from Moodle."),
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="Canvas: the title of the assignment's column.")
    ] = None,
    visibility: Annotated[
        Visibility, typer.Option(help="Gradescope: when students see each exercise's result.")
    ] = "after_published",
    classroom: Folder = None,
) -> None:
    """Write the grades, and feedback files for the systems that take them, to classroom/reports/.

    Without --to, it is grades.csv, a row for each student, and grades-exercises.csv. For Canvas,
    Moodle and Gradescope, the instructor's guide, autograder/grading/GUIDE.md, says what each file
    is and where to upload it.
    """
    from autograder.grading.display import print_class, printable
    from autograder.grading.incoming.roster import read_roster
    from autograder.grading.outgoing.canvas import export_canvas
    from autograder.grading.outgoing.grades import graded_assignments
    from autograder.grading.outgoing.gradescope.export import export_gradescope
    from autograder.grading.outgoing.moodle import export_moodle
    from autograder.grading.outgoing.tables import export_csv

    with plain_errors(classroom) as (console, place):
        people = read_roster(roster) if roster else None
        if to == "gradescope":
            written = export_gradescope(place, assignments or place.assignments(), visibility)
        elif to == "canvas":
            written = export_canvas(place, assignments or graded_assignments(place), people, column)
        elif to == "moodle":
            written = export_moodle(place, assignments or graded_assignments(place), people)
        else:
            written = export_csv(place, assignments or graded_assignments(place))
        for path in written.files:
            console.print(f"Grades    {path}")
        for note in written.notes:
            console.print(f"Note      {printable(note)}", markup=False)
        print_class(console, place, tables=to != "csv")


def collect(
    source: Annotated[Path, typer.Argument(help="A zip archive or a folder.", exists=True)],
    assignment: Annotated[
        str | None, typer.Option(help="What the notebooks are; by default they say so themselves.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="A class list (CSV) that gives people their student ids.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace also what is not known to be older.")
    ] = False,
    classroom: Folder = None,
) -> None:
    """Put a download of a learning platform into classroom/submitted/; say what became of it.

    Takes what Moodle, Canvas, Blackboard, Brightspace, ILIAS, Gradescope, GitHub Classroom and
    nbgrader make, and a folder or an archive that holds a folder, or an archive, for each student.
    Names go into the gradebook, and a roster says who is in the class (classroom/roster.txt).
    Ends with status 1 if no notebook could be placed or was there before.
    """
    from autograder.grading.display import print_collected, print_left, printable
    from autograder.grading.gradebook.people import left, names
    from autograder.grading.incoming.collect import collect
    from autograder.grading.incoming.names import PLACED, enter_names
    from autograder.grading.incoming.roster import read_roster

    with plain_errors(classroom) as (console, place):
        people = read_roster(roster) if roster else None
        lines = collect(place, source, assignment, people, force)
        enter_names(place, lines, people)
        print_collected(console, place, lines)
        guessed = "The archive tells times without a time zone: taken as this machine's."
        notes = [*(people.notes if people else ()), *[guessed] * any(x.guessed for x in lines)]
        for note in notes:
            console.print(f"Note      {printable(note)}", markup=False)
        placed = {line.student for line in lines if line.status in PLACED}
        print_left(console, place, left(place, {*names(place), *placed}))
    if not any(line.status in PLACED for line in lines):
        raise typer.Exit(1)


def keep(
    assignment: Assignment,
    revision: Annotated[
        str, typer.Option(help="Git revision of the course, such as a tag, that was handed out.")
    ],
    classroom: Folder = None,
) -> None:
    """Keep another release of an assignment: its tests grade what was made from it."""
    from autograder.grading.classroom import NotebookRef
    from autograder.grading.submission.releases import keep_revision

    with plain_errors(classroom) as (console, place):
        kept = keep_revision(place, NotebookRef(assignment), revision)
        console.print(f"Kept      {place.folder}/releases/{assignment}/{kept}/", markup=False)


def doctor(
    assignment: Annotated[
        str | None, typer.Argument(help="Run the pre-flight of this assignment only.")
    ] = None,
    accept: Accept = None,
    classroom: Folder = None,
) -> None:
    """Say what this machine can and cannot do, and what to install.

    With an assignment: whether its reference solution earns its points here, its blank release
    none, how long each exercise may take, and whether the release is what its source gives.
    """
    if assignment:
        warm_up("sandbox")
        with plain_errors(classroom) as (console, place):
            from autograder.grading.display import print_preflight
            from autograder.grading.gradebook.current import require_current
            from autograder.grading.run.preflights import fly_all

            found = fly_all(place, assignment, accept or ())
            print_preflight(console, place, found)
            require_current(place, [assignment])
        if any(flight.open() for _, flight in found):
            raise typer.Exit(1)
        return
    from autograder.grading.display import print_findings
    from autograder.grading.doctor import findings, verdict

    with plain_errors(classroom) as (console, place):
        looked_at = print_findings(console, findings(place))
        console.print(verdict(looked_at))
    if any(item.state == "broken" for item in looked_at):
        raise typer.Exit(1)


def report(assignment: Assignment, classroom: Folder = None) -> None:
    """Write a report of the graded class to classroom/reports/ASSIGNMENT.html and .json."""
    from autograder.grading.display import print_class
    from autograder.grading.outgoing.report import write_report

    with plain_errors(classroom) as (console, place):
        page = write_report(place, assignment)
        console.print(f"Report    {page}\nData      {page.with_suffix('.json')}", markup=False)
        print_class(console, place)


def similar(assignment: Assignment, classroom: Folder = None) -> None:
    """Show answers that are more alike than the exercise explains: places to look, not verdicts."""
    from autograder.grading.display import print_class
    from autograder.grading.outgoing.similar import write_similar

    with plain_errors(classroom) as (console, place):
        page, pairs = write_similar(place, assignment)
        console.print(f"Similar   {page}\nPairs     {pairs}", markup=False)
        print_class(console, place)
