"""Says what of a student's text may stand in a page; `steps.Harmless` asks for every output.

A link may lead to the web, to a mail address or to a place of the page; no other scheme is left,
however it is spelled. A formula may do no more.
"""

import html
import re
from html.parser import HTMLParser
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_SCHEMES = {"http", "https", "mailto"}
_DROPPED = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_ATTRIBUTES = {"href", "title", "src", "alt", "id", "class"}
_ALIGNED = re.compile(r"text-align: ?(left|center|right);?")
# Macros of MathJax that reach beyond a formula, or that can spell such a one.
_REACHING = re.compile(r"\\(?:csname|require|style|cssId|class|unicode|let)(?![A-Za-z])")
_LINK = re.compile(r"(?P<macro>\\)?href(?P<good>\s*\{\s*(?:https?://|mailto:|#))?", re.IGNORECASE)
_PICTURES = ("image/png", "image/jpeg")
_LONGEST_DESCRIPTION = 1000
_MOST_FORMULAS = 200  # in one text; the end of each is looked for anew


def harmless_address(address: str) -> bool:
    """Return True if an address has no scheme or one that only leads somewhere."""
    text = address
    for _ in range(5):
        text, before = html.unescape(text), text
        if text == before:
            break
    text = _DROPPED.sub("", text).lower()
    scheme = re.match(r"[^/?#]*?:", text)
    return scheme is None or scheme[0][:-1] in _SCHEMES


def kept_attribute(tag: str, name: str, value: str) -> bool:
    """Return True for an attribute that bleach may leave in a student's markup."""
    if tag == "a" and name == "href":
        return harmless_address(value)
    return name == "title" and tag in ("a", "abbr", "acronym")


def formula_acts(text: str) -> bool:
    """Return True if a text with formulas could do more than show them."""
    text = html.unescape(html.unescape(text))
    if "\\" not in text:
        return False
    defines = re.search(r"\\(?:\w*def|\w*newcommand)\b", text)
    links = (link for link in _LINK.finditer(text) if defines or link["macro"])
    return bool(_REACHING.search(text)) or any(not link["good"] for link in links)


def markdown_acts(markdown: str) -> bool:
    """Return True if a text could act where it is rendered, or if it cannot be rendered in time.

    Its tags are bleached already: that knows nothing of Markdown's links.
    """
    if formula_acts(markdown) or markdown.count("\\begin") > _MOST_FORMULAS:
        return True
    if "]" not in markdown:
        return False
    shown = MarkdownWithMath(renderer=IPythonRenderer(escape=False, allow_harmful_protocols=True))
    try:
        return _acts(shown.render(markdown))
    except Exception:  # a text that this renderer cannot take
        return True


def picture_metadata(metadata: Any) -> dict[str, dict[str, Any]]:
    """What a page may know of an output's pictures: their description and their size."""
    kept = {}
    for kind in _PICTURES:
        given = metadata.get(kind) if isinstance(metadata, dict) else None
        if isinstance(given, dict):
            own: dict[str, Any] = {
                side: given[side] for side in ("width", "height") if type(given.get(side)) is int
            }
            if isinstance(text := given.get("alt"), str):
                own["alt"] = text[:_LONGEST_DESCRIPTION]
            kept |= {kind: own} if own else {}
    return kept


def _acts(page: str) -> bool:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.acts


class _Reader(HTMLParser):
    """Looks at every tag that Markdown made."""

    acts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src"):
                self.acts |= not harmless_address(value or "")
            elif name == "style":
                self.acts |= not _ALIGNED.fullmatch(value or "")
            else:
                self.acts |= name not in _ATTRIBUTES
