"""A Sphinx extension that turns formulas into MathML, which browsers draw without a script."""

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

NAME = "mathml"
_PARTS = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2,
    "msubsup": 3, "munderover": 3,
}  # fmt: skip
_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; Sphinx calls this."""
    app.add_html_math_renderer(NAME, (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def mathml(formula: str, display: str = "inline") -> str:
    """A LaTeX formula as MathML.

    Args:
        formula: The formula, without dollars.
        display: "inline" or "block".

    Raises:
        ValueError: It cannot be drawn; says why.
    """
    braces = re.findall(r"(?<!\\)[{}]", formula)
    if braces.count("{") != braces.count("}"):
        raise ValueError("its braces do not pair")
    try:
        markup = convert(formula, display=display)
    except Exception as error:  # the converter has no class for its errors
        reason = str(error) or re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__).lower()
        raise ValueError(reason) from error
    unknown = re.search(r"\\[A-Za-z]+", markup)  # is passed on as text
    if unknown:
        raise ValueError(f"unknown command {unknown[0]}")
    for element in ElementTree.fromstring(markup).iter():
        tag = element.tag.partition("}")[2]
        if len(element) != _PARTS.get(tag, len(element)):
            raise ValueError("a part of a fraction, a root or an index is missing")
    return markup


def _visit_inline(translator: Any, node: nodes.math) -> None:
    _write(translator, node, "inline")


def _visit_block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append('<div class="formula">')
    try:
        _write(translator, node, "block")
    except nodes.SkipNode:
        translator.body.append("</div>\n")
        raise


def _write(translator: Any, node: nodes.Element, display: str) -> None:
    try:
        translator.body.append(mathml(node.astext(), display))
    except ValueError as reason:
        _log.warning("the formula `%s` cannot be drawn: %s.", node.astext(), reason, location=node)
    raise nodes.SkipNode
