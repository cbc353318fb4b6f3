"""Markdown as markup that may stand in the page; what was rendered before is not rendered again.

Most of it is the author's, and the same for the whole class.
"""

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.grading.gradebook.feedback.code import colored
from autograder.grading.gradebook.feedback.formulas import mathml
from autograder.grading.gradebook.feedback.markup import kept

Attachments = Mapping[str, Mapping[str, str]]  # name -> MIME type -> Base64
Figure = Callable[[str, str, str], str]  # MIME type, Base64 and description -> markup
_ATTACHED = ("image/png", "image/jpeg")
_LONGEST = 10_000  # characters; the renderer's time can grow with their square
_INLINE_CODE = re.compile(r"`([^`\n]+)`")


@lru_cache(2000)
def rendered(markdown: str) -> str:
    """A text as markup; as it is if it cannot be rendered."""
    return _rendered(markdown, _Renderer())


def rendered_with(markdown: str, attachments: Attachments, figure: Figure) -> str:
    """A text that shows pictures of its own cell."""
    figures: list[str] = []

    def place(name: str, description: str) -> str:
        data = attachments.get(name, {})
        kind = next((kind for kind in _ATTACHED if isinstance(data.get(kind), str)), None)
        figures.append(figure(kind, data[kind], description) if kind else "")
        return f"\ue000{len(figures) - 1}\ue001"  # private characters, which the text lacks

    text = re.sub("[\ue000\ue001]", "", markdown)
    page = _rendered(text, _Renderer(place))
    return re.sub("\ue000(\\d+)\ue001", lambda found: figures[int(found[1])], page)


def inline(text: str) -> str:
    """A sentence whose backquotes mark code."""
    return _INLINE_CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))


def _rendered(markdown: str, renderer: "_Renderer") -> str:
    try:
        if len(markdown) > _LONGEST:
            raise ValueError("too long")
        return kept(str(MarkdownWithMath(renderer=renderer).render(markdown)))
    except Exception:  # whatever a text makes of the renderer
        return f"<pre>{html.escape(markdown, quote=False)}</pre>"


class _Renderer(IPythonRenderer):
    def __init__(self, place: Callable[[str, str], str] | None = None) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._place = place

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").strip().split(" ")[0]
        inside = colored(code) if language in ("python", "py", "ipython3") else html.escape(code)
        return f"<pre>{inside}</pre>"

    def block_math(self, body: str) -> str:
        return f'<div class="formula" tabindex="0">{mathml(body, block=True)}</div>'

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def table(self, text: str) -> str:
        return f'<div class="wide" tabindex="0"><table>{text}</table></div>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if self._place and url.startswith("attachment:"):
            return self._place(url.removeprefix("attachment:"), text)
        return html.escape(f"[picture: {text or 'without a name'}]")
