"""The tags that may stand in a page: `kept` rewrites markup that somebody else made.

What comes out is balanced, so that nothing ends an element of the page, loads nothing and leads
nowhere: a link becomes its text and its address.
"""

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "wbr"})
_TAGS = _VOID | {
    "p", "pre", "code", "span", "strong", "em", "b", "i", "u", "s", "del", "ins", "sub", "sup",
    "kbd", "samp", "var", "small", "mark", "abbr", "acronym", "q", "cite", "blockquote", "ul",
    "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th",
    "td", "details", "summary", "figure", "figcaption", "div", "h4", "h5", "h6",
}  # fmt: skip
MATH = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "mfrac",
    "msqrt", "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle",
    "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
}  # fmt: skip
_OF_MATH = {
    "display", "stretchy", "fence", "form", "separator", "lspace", "rspace", "minsize",
    "maxsize", "linethickness", "mathvariant", "accent", "accentunder", "columnalign",
    "columnspacing", "rowspacing", "displaystyle", "scriptlevel", "movablelimits", "largeop",
    "symmetric", "width", "notation",
}  # fmt: skip
_OF_MATH_VALUE = re.compile(r"[\w .%+-]{1,40}")
_HEADINGS = {"h1": "h4", "h2": "h4", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
_VALUES = {
    "class": re.compile(r"[ksmc]|formula|wide"),
    "tabindex": re.compile("0"),  # so that what scrolls can be reached without a mouse
    "colspan": re.compile(r"\d{1,2}"),
    "rowspan": re.compile(r"\d{1,3}"),
    "scope": re.compile(r"row|col"),
    "src": re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*"),
    "alt": re.compile(r".*", re.DOTALL),
    "width": re.compile(r"[\w.%]{1,12}"),
    "height": re.compile(r"\d{1,5}"),
    "open": re.compile(""),
}
_SILENT = frozenset({"script", "style", "template", "title", "iframe", "noscript", "textarea"})
_SHOWN_ADDRESS = re.compile(r"(?:https?://|mailto:).{1,300}", re.DOTALL)


def kept(markup: str) -> str:
    """Markup with the tags and attributes that may stay; everything else of it is text."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.result()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []
        self._silent = 0
        self._links: list[tuple[str, int]] = []  # address, and where its text begins

    def result(self) -> str:
        return "".join([*self._parts, *(f"</{tag}>" for tag in reversed(self._open))])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = _HEADINGS.get(tag, tag)
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "a":
            self._links.append((given.get("href", ""), len(self._parts)))
        elif tag == "img" and not _VALUES["src"].fullmatch(given.get("src", "")):
            self._parts.append(html.escape(f"[picture: {given.get('alt') or 'without a name'}]"))
        elif tag in _TAGS or tag in MATH:
            self._parts.append(f"<{tag}{attributes(tag, given)}>")
            if tag not in _VOID:
                self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        tag = _HEADINGS.get(tag, tag)
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in self._open:
            while self._open[-1] != tag:
                self._parts.append(f"</{self._open.pop()}>")
            self._parts.append(f"</{self._open.pop()}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(html.escape(data, quote=False))

    def _end_link(self, address: str, start: int) -> None:
        text = html.unescape("".join(self._parts[start:]))
        if _SHOWN_ADDRESS.fullmatch(address) and address not in text:
            shown = html.escape(address.removeprefix("mailto:"))
            self._parts.append(f" <small>({shown})</small>")


def attributes(tag: str, given: Mapping[str, str]) -> str:
    """Those of an element's attributes that may stay, as text."""
    if tag in MATH:
        good = {n: v for n, v in given.items() if n in _OF_MATH and _OF_MATH_VALUE.fullmatch(v)}
    else:
        good = {n: v for n, v in given.items() if n in _VALUES and _VALUES[n].fullmatch(v)}
    return "".join(f' {name}="{html.escape(value)}"' for name, value in good.items())
