"""What a test found, as the page shows it: what was called, both results, the misconception.

Whether the call and the expected result of a hidden test may be shown is decided by who calls
`without_values`; without them, nothing that is made from them is shown either.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder import cells
from autograder.grading.gradebook.feedback.pictures import heat_maps, layers
from autograder.grading.gradebook.feedback.prose import inline, rendered
from autograder.lab.findings import EARLIER, Finding

# What a value in a sentence has; `Conv2D`, float32 and an apostrophe are none.
_VALUE = re.compile(r"(?<!\w)[\d']|[\[\]{}\"]|\b(?:nan|inf)\b")


@dataclass(frozen=True)
class View:
    """A finding as markup.

    Attributes:
        sentence: What is wrong.
        remarks: Further sentences.
        called: The call, as text.
        expected: What it should have returned, as text.
        returned: What it returned, as text.
        differs: Where they differ.
        raised: The exception.
        where: The student's line that raised it.
        part: The part of the results that is drawn; empty if all of it is.
        pictures: "expected" and "returned" drawn, as far as they can be.
        hides: True if the call and the expected result are not shown.
    """

    sentence: str
    remarks: tuple[str, ...] = ()
    called: str = ""
    expected: str = ""
    returned: str = ""
    differs: str = ""
    raised: str = ""
    where: str = ""
    part: str = ""
    pictures: Mapping[str, str] | None = None
    hides: bool = False


def without_values(finding: Finding) -> Finding:
    """A finding that tells neither the call nor the expected result, nor a value of either.

    Why an answer was stopped tells nothing of them.
    """
    if finding.outcome == "stopped":
        return finding
    sentence = finding.sentence
    if finding.raised:  # its message may tell what it was called with
        sentence = f"{sentence.partition(':')[0].rstrip('.')}."
    if _VALUE.search(sentence):
        sentence = "The hidden test found a mistake."
    return replace(
        finding, sentence=sentence, raised="", call="", expected="", differs="", remarks=(),
        returned="", yours=(), wanted=(), yours_values=(), wanted_values=(), wanted_layers=(),
        yours_layers=(),
    )  # fmt: skip


def view(finding: Finding, hides: bool) -> View:
    """A finding for the page.

    Args:
        finding: What a test found, without values if they are to stay hidden.
        hides: Whether they are.
    """
    remarks: Sequence[str] = finding.remarks
    if finding.kind == EARLIER:  # its remarks are the lines of a message
        text = html.escape("\n".join(remarks), quote=False)
        said = (f"<pre>{text}</pre>",) if text.strip() else ()
    else:
        said = tuple(inline(text) for text in remarks)
    return View(
        inline(finding.sentence),
        said,
        finding.call.partition("  # expected ")[0],
        finding.expected,
        finding.returned,
        finding.differs,
        finding.raised,
        finding.where,
        finding.part,
        heat_maps(finding) or layers(finding),
        hides,
    )


def hint_for(finding: Finding, task: str) -> tuple[str, str] | None:
    """The hint of a task that helps with a finding, as title and markup; None if none is known to.

    An exercise that is not attempted gets the first hint.
    """
    hints = [*cells.hints(task)]
    number = 1 if finding.outcome == "not attempted" else finding.hint
    if not 1 <= number <= len(hints):  # the notebook may be older than the finding
        return None
    title, text = hints[number - 1]
    if len(hints) > 1:
        title = f"{title} of {len(hints)}"
    return html.escape(title), rendered(text)
