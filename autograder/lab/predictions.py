"""Predict, then run: a student writes down what will come out, and sees later what did.

A notebook asks with `predict`, in a cell of its own; the demonstration that measures says what came
out with `outcome`; `predictions` shows everything at the end. Nothing of it leaves the notebook,
and grading never runs a cell that asks (see `autograder.cells.predictions`).
"""

import html
import numbers
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder.lab.findings import one_line

_asked: dict[str, tuple[str, Any]] = {}  # by key: the question and the guess
_found: dict[str, Any] = {}  # by key: what came out


@dataclass(frozen=True)
class _Shown:
    """What a cell returns to be shown, as text and as HTML."""

    text: str
    markup: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.markup


def predict(key: str, question: str, options: list | None = None, guess: Any = None) -> _Shown:
    """Ask for a guess, which stands in the cell that calls this; a blank one is fine.

    Args:
        key: By which `outcome` knows the question.
        question: What will come out, as a question; `code` may stand in backquotes.
        options: The guesses to choose from, if there is a choice.
        guess: The student's guess: a text or a number.
    """
    _asked[key] = (question, guess)
    options = options or []
    if _is_blank(guess):
        says = "No guess yet: write one after `guess=`, run this cell, then read on."
    else:
        says = f'Your guess: "{_said(guess)}".'
        if options and not any(_is_same(guess, option) for option in options):
            says += " It is none of the options; you may still pick one."
    lines = [f"Predict: {question}", *(f"  - {_said(option)}" for option in options), says]
    items = "".join(f"<li>{_markup(_said(option))}</li>" for option in options)
    return _Shown(
        "\n".join(lines),
        f"<p><strong>Predict:</strong> {_markup(question)}</p>"
        f"{f'<ul>{items}</ul>' if options else ''}<p>{_markup(says)}</p>",
    )


def outcome(key: str, answer: Any, why: str | None = None) -> None:
    """Record what came out, and print it beside the guess in one line.

    Args:
        key: That of the question.
        answer: What the cell measured: a text or a number.
        why: A sentence that explains it.
    """
    _found[key] = answer
    guess = _asked.get(key, ("", None))[1]
    if _is_met(key):
        says = f"As you guessed: {_said(answer)}."
    elif not _is_blank(guess):
        says = f'Outcome: {_said(answer)}. Your guess was "{_said(guess)}".'
    elif key in _asked:
        says = f"Outcome: {_said(answer)} (no guess)."
    else:  # the cell that asks was not run
        says = f"Outcome: {_said(answer)}."
    print(f"{says} {why}" if why else says)


def predictions() -> _Shown:
    """The table of all questions: your guesses, what came out, and which guesses were met."""
    keys = [*{**_asked, **_found}]
    guesses = {key: guess for key, (_, guess) in _asked.items() if not _is_blank(guess)}
    met = sum(map(_is_met, guesses))
    closing = "Guesses stay in this notebook and count for no points."
    if guesses:
        closing = f"You guessed {len(guesses)} of {len(keys)} and met {met}. {closing}"
    heads = ["question", *["your guess"] * bool(guesses), "outcome"]
    lines, rows = [], ""
    for number, key in enumerate(keys, 1):
        question = _asked.get(key, (key, None))[0]
        came = _said(_found[key]) if key in _found else "not run yet"
        came += "  ✓ met" * _is_met(key)
        guess = [_said(guesses[key]) if key in guesses else "no guess"] * bool(guesses)
        lines.append(f"{number}  {question}")
        lines += [f"   {h}: {v}" for h, v in zip(heads[1:], [*guess, came], strict=True)]
        rows += _row("td", [f"{number} · {question}", *guess, came])
    head = _row("th scope='col'", heads)
    return _Shown(
        "\n".join([*lines, "", closing]),
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table><p>{html.escape(closing)}</p>",
    )


def _row(tag: str, texts: list[str]) -> str:
    texts = [f"<{tag} style='text-align:left'>{_markup(t)}</{tag.split()[0]}>" for t in texts]
    return f"<tr>{''.join(texts)}</tr>"


def _markup(text: str) -> str:
    """A text as HTML; what stands in backquotes is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def _is_blank(guess: Any) -> bool:
    return guess is None or not str(guess).strip()


def _is_met(key: str) -> bool:
    guess = _asked.get(key, ("", None))[1]
    return key in _found and not _is_blank(guess) and _is_same(guess, _found[key])


def _is_same(one: Any, other: Any) -> bool:
    """Return True if both say the same; case and spaces make no difference."""
    one, other = ("".join(_said(value).split()).casefold() for value in (one, other))
    with suppress(ValueError):
        return one == other or float(one) == float(other)
    return False


def _said(value: Any) -> str:
    """A guess or an answer in one short line; a number with at most six digits after rounding."""
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral):
        number = float(value)
        value = int(number) if number.is_integer() else f"{number:g}"
    return one_line(str(value))
