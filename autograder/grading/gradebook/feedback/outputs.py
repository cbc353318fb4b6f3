"""What a cell printed and displayed, as the page shows it: cut, and without anything that acts."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.grading.gradebook.feedback.figures import Figures
from autograder.grading.gradebook.feedback.formulas import mathml
from autograder.grading.gradebook.feedback.markup import kept
from autograder.grading.gradebook.feedback.prose import rendered

_MOST_TEXT = 4000  # characters of one output
_COLORS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FIGURES = ("image/png", "image/jpeg")
_DOLLARS = re.compile(r"\s*(\$\$?)(.*?)\1\s*", re.DOTALL)


def shown(outputs: Iterable[Mapping[str, Any]], figures: Figures) -> str:
    """Outputs as markup, in order."""
    parts = []
    for output in outputs:
        if output["output_type"] == "stream":
            parts.append(text(output.get("text", "")))
        elif output["output_type"] == "error":
            parts.append(text("\n".join(output.get("traceback", []))))
        else:
            parts.append(_displayed(output, figures))
    return "".join(parts)


def text(given: str) -> str:
    """Text as it is, without its colors, and cut in the middle if it is long."""
    given = _CONTROL.sub("", _COLORS.sub("", given)).strip("\n")
    if len(given) > _MOST_TEXT:
        left_out = len(given) - _MOST_TEXT
        half = _MOST_TEXT // 2
        given = f"{given[:half]}\n... ({left_out} characters left out) ...\n{given[-half:]}"
    return f"<pre>{html.escape(given, quote=False)}</pre>" if given.strip() else ""


def _displayed(output: Mapping[str, Any], figures: Figures) -> str:
    data = output.get("data", {})
    for kind in _FIGURES:
        if isinstance(data.get(kind), str):
            about = output.get("metadata", {}).get(kind, {})
            return figures.show(kind, data[kind], str(about.get("alt", "")))
    if "text/html" in data:
        return f'<div class="wide" tabindex="0">{kept(data["text/html"])}</div>'
    if "text/markdown" in data:
        return rendered(data["text/markdown"])
    if "text/latex" in data:
        formula = _DOLLARS.fullmatch(data["text/latex"])
        source = formula[2] if formula else data["text/latex"]
        return f'<div class="formula" tabindex="0">{mathml(source, block=True)}</div>'
    return text(data.get("text/plain", ""))
