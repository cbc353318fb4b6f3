"""Formulas as MathML, which browsers show without a script; `prose` and `outputs` ask for them.

A formula may be a student's. What the converter makes is taken apart again: only elements and
attributes of a list are written, and all text is escaped.
"""

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter

from autograder.grading.gradebook.feedback.markup import MATH, attributes

_LONGEST = 2000  # characters of a formula
_DEFINES = re.compile(r"\\(?:\w*def|\w*newcommand|let)(?![A-Za-z])")  # could grow without end


@lru_cache(1000)
def mathml(latex: str, block: bool = False) -> str:
    """A formula as MathML; its source as code if it cannot be shown.

    Args:
        latex: Without its delimiters.
        block: True if it stands in lines of its own.
    """
    mode = "block" if block else "inline"
    try:
        if len(latex) > _LONGEST or _DEFINES.search(latex):
            raise ValueError("too long, or it defines macros")
        return _written(Converter(display=mode).convert_to_element(latex))
    except Exception:  # it is not LaTeX, or the converter does not know it
        mark = "$$" if block else "$"
        return f"<code>{html.escape(f'{mark}{latex}{mark}')}</code>"


def _written(element: Element) -> str:
    """An element as text.

    Raises:
        ValueError: It is not in the list, or a command was left over.
    """
    text = html.unescape(element.text or "")
    if element.tag not in MATH or "\\" in text:
        raise ValueError(f"{element.tag} {text}")
    children = "".join(map(_written, element))
    opening = f"<{element.tag}{attributes(element.tag, element.attrib)}>"
    return f"{opening}{html.escape(text)}{children}</{element.tag}>"
