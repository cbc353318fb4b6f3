"""The exporter of feedback pages; `nbgrader_config.py` gives it to nbgrader.

It writes what nbconvert's HTML exporter writes, in a fifth of the time: templates are compiled once
for all pages of a process, what the author wrote is rendered once, and the finished page is not
parsed again. A page allows no script but its own, which shows formulas where there are any, and no
image but those that stand in it.
"""

import copy
import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder import cells
from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.gradebook.configuration import config_for
from autograder.grading.gradebook.pipeline import convert

_KEPT_CELLS = 2000  # rendered cells that a process remembers
_IMAGE = re.compile(r"<img(?![^>]*\balt=)")
_CHARSET = '<meta charset="utf-8" />'
_SCRIPTS = re.compile(r"<!-- Load mathjax -->.*<!-- End of mathjax configuration -->", re.DOTALL)
_FORMULA = re.compile(r"\$|\\\(|\\\[|\\begin\{")
_MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
_FORMULAS = {  # as nbconvert sets it; this way MathJax has no text to evaluate
    "TeX": {"equationNumbers": {"autoNumber": "AMS", "useLabelIds": True}},
    "tex2jax": {
        "inlineMath": [["$", "$"], ["\\(", "\\)"]],
        "displayMath": [["$$", "$$"], ["\\[", "\\]"]],
        "processEscapes": True,
        "processEnvironments": True,
    },
    "displayAlign": "center",
    "messageStyle": "none",
    "CommonHTML": {"linebreaks": {"automatic": True}},
}


class FeedbackPage(HTMLExporter):
    """One student's page."""

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = _compiled
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render a notebook; images that have no description get the same one as nbconvert's."""
        resources = self._init_resources(resources)
        highlight = Highlight2HTML(pygments_lexer="ipython3", parent=self)
        choose = WidgetsDataTypeFilter(self._nb_metadata, parent=self, resources=resources)

        def colored(source: str, metadata: Any = None) -> str:
            if metadata and "magics_language" in metadata:
                return highlight(source, metadata=metadata)
            return _remember("code", source, lambda: highlight(source))

        self.register_filter("highlight_code", colored)
        self.register_filter("filter_data_type", choose)
        try:
            page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        except Exception:  # whatever a student's text or output makes of the renderers
            page, resources = TemplateExporter.from_notebook_node(self, _plain(nb), resources, **kw)
        page = _IMAGE.sub('<img alt="No description has been provided for this image"', page)
        return _guarded(page), resources

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """Render prose; what was rendered before is not rendered again."""
        if context.get("cell", {}).get("attachments"):
            return super().markdown2html(context, source)
        return _remember(
            "prose", source, lambda: super(FeedbackPage, self).markdown2html(context, source)
        )


def _guarded(page: str) -> str:
    """The page with a policy that lets no script run but the one that shows formulas.

    It is loaded beside the page, which can be read at once, and without a network: then formulas
    are shown as they were written.
    """
    head, end, body = page.partition("</head>")
    key = hashlib.sha256(page.encode()).hexdigest()  # nobody can put it into the page
    scripts, fonts, own = "", "data:", "'none'"
    if _FORMULA.search(body):
        source = f"{_MATHJAX}MathJax.js?config=TeX-AMS_CHTML-full,Safe"
        scripts = (
            f'<script nonce="{key}">window.MathJax = {json.dumps(_FORMULAS)};</script>\n'
            f'<script nonce="{key}" src="{source}" async></script>'
        )
        fonts, own = f"data: {_MATHJAX}", f"'nonce-{key}' 'strict-dynamic'"
    policy = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src {fonts}; "
        f"script-src {own}; base-uri 'none'; form-action 'none'"
    )
    guard = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    head = _SCRIPTS.sub(lambda _: scripts, head).replace(_CHARSET, guard, 1)
    return f"{head}{end}{body}"


def _plain(notebook: NotebookNode) -> NotebookNode:
    """The same notebook without what a student wrote as text, displayed or attached."""
    plain = copy.deepcopy(notebook)
    for cell in plain.cells:
        if cell.cell_type == "markdown" and not cells.is_locked(cell):
            cell.source = "(This text could not be shown.)"
        cell.outputs = [o for o in cell.get("outputs", []) if o.output_type in ("stream", "error")]
    return plain


_rendered: dict[tuple[str, str], str] = {}


def _remember(kind: str, source: str, render: Callable[[], str]) -> str:
    if (kind, source) not in _rendered:
        if len(_rendered) >= _KEPT_CELLS:
            _rendered.clear()
        _rendered[kind, source] = render()
    return _rendered[kind, source]


class _Compiled(BytecodeCache):
    """Compiled templates in this process's memory."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


def write_feedback(classroom: Classroom, ref: NotebookRef, student: str) -> None:
    """Make a student's feedback page with nbgrader."""
    config = config_for(classroom, ref.assignment, student)
    converter = _OnePage(coursedir=CourseDirectory(config=config), config=config)
    converter.graded = classroom.autograded(student, ref)
    converter.force = True
    convert(converter, f"No feedback page for {student}")


def end_with(process: int) -> None:
    """Have this process, which writes pages, end as soon as the one that grades has ended."""

    def watch() -> None:
        while Path(f"/proc/{process}").exists():
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _OnePage(GenerateFeedback):
    """nbgrader's converter for one notebook; it would take a student's id for a file pattern."""

    graded: Path

    def init_notebooks(self) -> None:
        """Say which notebook it is, instead of looking for it."""
        self.notebooks = []
        self.assignments = {str(self.graded.parent): [str(self.graded)]}
