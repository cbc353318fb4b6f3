"""Writes my-work/Home.md, the page that JupyterLab opens first: a card for each assignment.

It is Markdown with a little HTML, which JupyterLab shows without a kernel and without trust.
`write_home` is called at the start, and `after_save` by the server whenever a notebook is saved.
"""

import html
import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from autograder.desk.progress import Card, Outcome, card
from autograder.desk.work import WORK, assignments
from autograder.files import write_whole

HOME = f"{WORK}/Home.md"
_SIGNS: dict[Outcome, str] = {"right": "✓", "tried": "●", "open": "○"}
# JupyterLab keeps these properties; it drops style sheets and flexible boxes.
_CARD = (
    "display: inline-block; box-sizing: border-box; width: 340px; max-width: 100%;"
    " margin: 0 16px 16px 0; padding: 16px; border: 1px solid #8888; border-radius: 8px;"
    " vertical-align: top"
)
_PICTURE = "max-width: 100%; max-height: 150px"


def write_home(root: Path, news: Collection[str] = ()) -> None:
    """Write the page, unless it stands there already.

    Args:
        root: The course's folder.
        news: Sentences that the page shows until it is written anew.
    """
    cards = [card(root, name) for name in assignments(root)]
    page = "\n".join(_lines(cards, news)).encode()
    file = root / HOME
    if not file.exists() or file.read_bytes() != page:
        write_whole(file, page)


def after_save(os_path: str, model: dict[str, Any], **_: Any) -> None:
    """Write the page anew once a notebook in my-work/ has been saved: the server's hook.

    A page that cannot be written never makes a save fail.
    """
    folder = next((p for p in Path(os_path).parents if p.name == WORK), None)
    if model["type"] == "notebook" and folder and assignments(folder.parent):
        try:
            write_home(folder.parent)
        except Exception:
            logging.getLogger(__name__).exception("%s could not be written", HOME)


def _lines(found: list[Card], news: Collection[str]) -> Iterator[str]:
    outcomes: list[Outcome] = []
    for one in found:
        outcomes += (one.outcomes or {}).values()
    yield from ("# Your course", "")
    for sentence in news:
        yield from (f"> {html.escape(sentence, quote=False)}", "")
    yield f"{_bar(outcomes)} **{_count(outcomes)}**"
    yield from ("", "<div>")
    for one in found:
        yield from _card(one)
    yield from ("</div>", "")
    yield (
        "Run the checks, save the notebook, and reload this page: it counts the checks that were"
        " right. That is your own record; points come from hidden tests."
    )
    yield ""


def _card(one: Card) -> Iterator[str]:
    link = f"{one.assignment}/{one.assignment}.ipynb"
    picture = f"../notebooks/{one.assignment}.png"
    minutes = f"{one.minutes} min, " if one.minutes else ""
    yield from (f'<div style="{_CARD}">', "")
    image = f'<img src="{picture}" alt="{html.escape(one.title)}" style="{_PICTURE}">'
    yield f'<div style="height: 150px; text-align: center"><a href="{link}">{image}</a></div>'
    yield from ("", f"### [{one.title}]({link})", "")
    yield from (f"{minutes}{one.points:g} points", "")
    if one.needs:
        yield from (f"**You need to know**: {one.needs}", "")
    if one.outcomes is None:
        yield f"`{WORK}/{link}` cannot be read. Rename it, and start `make lab` again to get a new"
        yield from ("one; `earlier/` beside it may hold what you wrote before.", "")
    elif one.outcomes:
        yield from (f"{_bar(one.outcomes.values())} {_count(one.outcomes.values())}", "")
        signs = (f"{_SIGNS[end]} <code>{html.escape(n)}</code>" for n, end in one.outcomes.items())
        yield from ("<details><summary>Exercises</summary>", "", "<br>".join(signs), "")
        yield from ("</details>", "")
    yield from ("</div>",)


def _bar(outcomes: Collection[Outcome]) -> str:
    right = sum(end == "right" for end in outcomes)
    return f'<progress value="{right}" max="{max(len(outcomes), 1)}"></progress>'


def _count(outcomes: Collection[Outcome]) -> str:
    right, tried = (sum(end == kind for end in outcomes) for kind in ("right", "tried"))
    return f"{right} of {len(outcomes)} right{f', {tried} tried' if tried else ''}"
