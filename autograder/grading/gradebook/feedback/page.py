"""Makes a student's page from a graded notebook and the gradebook; `render` is the entry point.

Without the student's own figures a page has at most 300 KB: what comes later and does not fit is
left out, and a sentence says so.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from nbformat import NotebookNode

from autograder import cells
from autograder.grading.gradebook.feedback import outputs
from autograder.grading.gradebook.feedback.code import colored
from autograder.grading.gradebook.feedback.contents import ABOUT, Part, parts_of, title_of
from autograder.grading.gradebook.feedback.figures import Figures
from autograder.grading.gradebook.feedback.findings import (
    View,
    hint_for,
    view,
    without_values,
)
from autograder.grading.gradebook.feedback.prose import inline, rendered, rendered_with
from autograder.grading.gradebook.feedback.standing import Score, Standing
from autograder.grading.submission.execution import finding_of
from autograder.lab.findings import Finding

_MOST_BYTES = 270_000  # of what is made of the notebook; the template comes to it
_FOR_EXERCISES = 220_000  # of these
_MOST_CODE = 20_000  # characters of one answer, and of one text
_PICTURE = re.compile(r'(?<= src=")data:[^"]*')
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Status:
    """How an exercise ended, as a sign and a word; `id` is the class of its style."""

    id: str
    sign: str
    word: str


RIGHT, PARTLY, WRONG = (
    Status("right", "✓", "right"), Status("partly", "◐", "partly"), Status("wrong", "✗", "wrong")
)  # fmt: skip
OPEN, STOPPED = Status("open", "○", "open"), Status("stopped", "■", "stopped")
WAITING = Status("waiting", "…", "not graded yet")


@dataclass(frozen=True)
class Exercise:
    """An exercise as the page shows it; what is `Markup` may stand there as it is."""

    number: int
    title: Markup
    status: Status
    points: float
    most: float
    sentence: Markup
    finding: View | None
    task: Markup
    answers: Markup
    solution: Markup
    test: Markup
    hint: tuple[str, str] | None
    comment: Markup


@dataclass
class _Room:
    """How much a page may still hold, and the student's figures, which are not counted."""

    left: int
    figures: Figures = field(default_factory=Figures)

    def take(self, markup: str) -> Markup:
        """The markup if there is room for it, else a sentence."""
        size = len(_PICTURE.sub("", markup).encode(errors="replace"))
        if size > self.left:
            return Markup(
                "<p><small>(Left out, because this page would become too large. It is in your "
                "notebook.)</small></p>"
            )
        self.left -= size
        return Markup(markup)


def render(
    notebook: NotebookNode,
    standing: Standing,
    solutions: Mapping[str, str],
    shows_values: bool,
) -> str:
    """The page.

    Args:
        notebook: As it was graded; hidden tests are out of it.
        standing: What the gradebook says.
        solutions: The reference solutions to show, by grade id.
        shows_values: Whether calls and expected results of hidden tests may be shown.
    """
    ours = notebook.metadata.get("autograder", {})
    graded = ours.get("graded", True)
    parts, rest = parts_of(notebook) if graded else ([], [])
    figures = Figures()
    room = _Room(_FOR_EXERCISES, figures)
    exercises = [_exercise(part, standing, solutions, shows_values, room) for part in parts]
    room.left += _MOST_BYTES - _FOR_EXERCISES
    more = [room.take(_cell(cell, figures)) for cell in rest]
    about = [c for c in notebook.cells if c.get("id") == ABOUT]
    return _template().render(
        title=Markup(inline(title_of(notebook))) if parts else "",
        standing=standing,
        graded=graded,
        notes=[Markup(inline(str(note))) for note in ours.get("notes", [])],
        exercises=exercises,
        rest=more,
        about=[Markup(rendered(c.source)) for c in about] if graded else [],
        left_out=figures.left_out,
    )


@lru_cache(1)
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["points"] = lambda number: f"{round(number, 2):g}"
    return made.get_template("page.html")


def _exercise(
    part: Part,
    standing: Standing,
    solutions: Mapping[str, str],
    shows_values: bool,
    room: _Room,
) -> Exercise:
    name = cells.grade_id(part.test)
    score = standing.scores.get(name, Score(0.0, False))
    most = cells.points(part.test) or 0.0
    finding = _finding(part)
    status = _status(score, most, finding)
    hides = _is_hidden(part.test) and not shows_values
    if finding and hides:
        finding = without_values(finding)
    task = part.task[:_MOST_CODE]
    seen = _fitting(view(finding, hides), room) if finding and status is not OPEN else None
    answer = part.answers[0] if part.answers else part.test
    comments = [standing.comments.get(n, "") for n in {cells.grade_id(answer): 0, name: 0}]
    hint = hint_for(finding, task) if finding and status is not RIGHT else None
    reference = solutions.get(cells.grade_id(answer), "")
    return Exercise(
        part.number,
        room.take(inline(part.title[:200])),
        status,
        score.points,
        most,
        Markup(_sentence(status, finding)),
        seen,
        room.take(rendered(task)),
        room.take("".join(_cell(cell, room.figures) for cell in part.answers)),
        room.take(f"<pre>{colored(reference)}</pre>") if reference else Markup(""),
        room.take(_test(part.test)),
        hint and (hint[0], room.take(hint[1])),
        room.take("".join(rendered(text[:_MOST_CODE]) for text in comments if text)),
    )


def _finding(part: Part) -> Finding | None:
    """Why the test failed; an answer that was stopped is the reason, not what came of it."""
    found = finding_of(part.test) if cells.role(part.test) == "grade" else None
    if found and found.outcome == "raises":
        of_answers = (finding_of(cell) for cell in part.answers)
        return next((f for f in of_answers if f and f.outcome == "stopped"), found)
    return found


def _fitting(seen: View, room: _Room) -> View:
    """What was found, or its sentence only if there is no room for the rest."""
    texts = [text for text in vars(seen).values() if isinstance(text, str)]
    markup = html.escape("".join(texts)) + "".join([*seen.remarks, *(seen.pictures or {}).values()])
    kept = room.take(markup)
    return seen if kept == markup else View(seen.sentence, (str(kept),), hides=seen.hides)


def _is_hidden(test: NotebookNode) -> bool:
    """Return True unless `steps.HideTests` says that what was found comes from the visible test."""
    return test.metadata.get("autograder", {}).get("hidden", True)


def _status(score: Score, most: float, finding: Finding | None) -> Status:
    if score.waiting:
        return WAITING
    if score.points >= most and (most or not finding):
        return RIGHT
    if score.points > 0:
        return PARTLY
    ends = {"not attempted": OPEN, "stopped": STOPPED}
    return ends.get(finding.outcome, WRONG) if finding else WRONG


def _sentence(status: Status, finding: Finding | None) -> str:
    """What the table says beside an exercise."""
    if status is WAITING:
        return "Your instructor grades this exercise."
    if status is RIGHT or finding is None:
        return ""
    return "You have not attempted it yet." if status is OPEN else inline(finding.sentence)


def _test(test: NotebookNode) -> str:
    """What students may see of a test, and what it printed."""
    if cells.role(test) != "grade":
        return ""
    printed = [o for o in test.get("outputs", []) if o["output_type"] != "error"]
    said = outputs.shown(printed, Figures())
    return f"<pre>{colored(test.source[:_MOST_CODE])}</pre>{said}"


def _cell(cell: NotebookNode, figures: Figures) -> str:
    """A cell of the student's or the author's, with its outputs."""
    source = cell.source
    if len(source) > _MOST_CODE:
        source = f"{source[:_MOST_CODE]}\n\n(The rest is left out here.)"
    if cell.cell_type == "markdown":
        if attached := cell.get("attachments"):
            return rendered_with(source, attached, figures.show)
        return rendered(source)
    if cell.cell_type != "code":
        return f"<pre>{html.escape(source, quote=False)}</pre>"
    code = f"<pre>{colored(source)}</pre>" if source.strip() else ""
    shown = outputs.shown(cell.get("outputs", []), figures)
    return f'<div class="cell">{code}{_as_output(shown)}</div>'


def _as_output(shown: str) -> str:
    return f'<div class="output">{shown}</div>' if shown else ""
